#!/bin/bash
# Run once by the image, on an empty volume: for each service a database and the one account that owns and may enter it.
# psql fetches the passwords from the environment itself, so that no command line shows them.
set -euo pipefail

for service in identity allocation verification trading settlement audit; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --quiet \
    --set service="$service" --set password_variable="${service^^}_DB_PASSWORD" <<'SQL'
\getenv password :password_variable
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
done

# Those that keep a journal may leave out the server's own checks where their statement makes them itself (ADR 30).
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --quiet \
  --command 'GRANT SET ON PARAMETER session_replication_role TO trading, settlement'
