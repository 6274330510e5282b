-- Run by the PostgreSQL image once, when its volume is empty. One role per user of the server, each owning its own databases only.
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv oms_password OMS_DB_PASSWORD

create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;

create role oms login password :'oms_password';
create database oms owner oms;

revoke connect on database temporal, temporal_visibility, oms from public;
