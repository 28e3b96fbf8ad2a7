"""Jobs with their journal, and settings that users change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "settings",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("group", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("run_after", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("max_attempts", sa.Integer, nullable=False),
        sa.Column("losses", sa.Integer, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.String(120)),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("progress", sa.Float),
        sa.Column("action", sa.Text),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("cancel_requested_at", sa.BigInteger),
        sa.Column("error_code", sa.String(32)),
        sa.Column("error_message", sa.Text),
        sa.Column("summary", sa.JSON),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_in_line", "jobs", ["state", "priority", "id"])
    op.create_index("jobs_by_group", "jobs", ["group"])
    op.create_table(
        "job_events",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("job", NUMBER, sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("job_events_by_job", "job_events", ["job", "id"])
