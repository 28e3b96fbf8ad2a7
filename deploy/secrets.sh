#!/bin/sh
# Makes what compose.yaml needs to be secret, once: passwords in deploy/.env, tokens in deploy/secrets/. What is there stays.
set -eu
umask 077
cd "$(dirname "$0")"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

touch .env
for name in BROKER_PASSWORD VALKEY_PASSWORD POSTGRES_PASSWORD GRAFANA_PASSWORD; do
    grep -q "^$name=" .env || printf '%s=%s\n' "$name" "$(random)" >> .env
done
grep -q '^FLOWER_BASIC_AUTH=' .env || printf 'FLOWER_BASIC_AUTH=flower:%s\n' "$(random)" >> .env

# Containers read these under user ids of their own: the folder keeps others of this machine out, not the files.
mkdir -p secrets
[ -s secrets/admin-token ] || random > secrets/admin-token
touch secrets/metrics-token # filled by: livepane token create --role viewer --name prometheus
chmod 0444 secrets/admin-token
chmod 0644 secrets/metrics-token
