"""Alembic runs this to learn which database to change: the connection that `trainer.library.migrate` hands over."""

from alembic import context

from trainer.library.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter a table in place; Alembic copies it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
