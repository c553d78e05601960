#!/bin/sh
# Runs once, when the database's volume is new. Two logins, neither of them a superuser:
# earshot_owner migrates; earshot_app works under row-level security and owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$DB_OWNER_PASSWORD" --set app_password="$DB_APP_PASSWORD" <<'SQL'
create role earshot_owner login createrole nosuperuser nobypassrls password :'owner_password';
create role earshot_app login nosuperuser nobypassrls password :'app_password';
create role earshot_system nologin nosuperuser nobypassrls;
grant earshot_app, earshot_system to earshot_owner with admin true, inherit false, set true;
create database earshot owner earshot_owner;
SQL
