#!/bin/sh
# Resolves the dependencies of pyproject.toml into requirements/*.lock: exact versions with hashes, for every platform.
# `make lock` changes only what no longer fits; `make lock ARGS=--upgrade` takes the newest versions that the ranges allow.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
"$python" -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'

compile() {
    name=$1
    shift
    "$python" -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-emit-index-url --custom-compile-command 'make lock' --output-file "requirements/$name.lock" "$@"
    echo "requirements/$name.lock: $(grep -c '==' "requirements/$name.lock") packages"
}

# Later ones agree with the earlier ones, because all of them end up in one environment.
compile run pyproject.toml --all-extras ${ARGS:-}
compile build --group pyproject.toml:build --constraint requirements/run.lock ${ARGS:-}
compile test --group pyproject.toml:dev --constraint requirements/run.lock --constraint requirements/build.lock ${ARGS:-}
