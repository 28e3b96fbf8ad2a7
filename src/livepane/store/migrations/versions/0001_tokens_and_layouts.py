"""Tokens, sessions and layouts."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    server = op.create_table(
        "server",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(server, [{"id": 1, "name": secrets.token_hex(8), "revision": 0}])
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("streams", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("parent", sa.String(32)),
        sa.Column("parent_digest", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("max_uses", sa.Integer),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_index("tokens_by_revision", "tokens", ["revision"])
    op.create_table(
        "layouts",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("wall", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
