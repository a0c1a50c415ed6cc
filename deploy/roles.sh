#!/bin/bash
# Run once by the database's first start: the role that runs the room, which owns nothing.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/runner_password)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE room_runner LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
