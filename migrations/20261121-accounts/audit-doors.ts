import { asSystem, door } from '../door.ts'

/** '<bytes>:<text>' of each field, so that no two lists of fields read the same; null is '-'. */
const field = (expression: string) =>
  `coalesce(octet_length(${expression}) || ':' || ${expression}, '-')`

const hashed = [
  'place::text',
  'position::text',
  'made_id::text',
  `to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  'action',
  'outcome',
  'actor_kind',
  'actor_id::text',
  'object_kind',
  'object_id',
  'request_id',
  'details::text',
  "encode(digest, 'hex')",
].map(field)

/** The only ways to append to the log, to forget in it, and to read more than one's own workspace's. */
export const auditDoors = asSystem(
  ...door(
    `append_audit(workspace bigint, at timestamptz, action text, outcome text, actor_kind text,
       actor_id bigint, object_kind text, object_id text, request_id text, details jsonb,
       personal jsonb, salt bytea)`,
    'bigint',
    'plpgsql',
    `declare
       place bigint := coalesce(workspace, 0);
       position bigint;
       before bytea;
       digest bytea := sha256(salt || convert_to(personal::text, 'UTF8'));
       made bytea;
       made_id bigint;
     begin
       select h.seq + 1, h.hash into position, before
         from audit_heads h where h.chain = place for update;
       if not found then
         insert into audit_heads (chain, workspace_id, seq, hash)
           values (place, workspace, 0, sha256(convert_to('earshot audit ' || place, 'UTF8')))
           on conflict do nothing;
         select h.seq + 1, h.hash into strict position, before
           from audit_heads h where h.chain = place for update;
       end if;
       made_id := nextval('audit_log_id_seq');
       made := sha256(before || convert_to(${hashed.join(' || ')}, 'UTF8'));
       insert into audit_log (id, chain, workspace_id, seq, at, action, outcome, actor_kind, actor_id,
           object_kind, object_id, request_id, details, personal, salt, personal_digest,
           previous_hash, hash)
         values (made_id, place, workspace, position, at, action, outcome, actor_kind, actor_id,
           object_kind, object_id, request_id, details, personal, salt, digest, before, made);
       update audit_heads h set seq = position, hash = made where h.chain = place;
       return made_id;
     end`,
  ),
  ...door(
    'forget_in_audit(person bigint, address text)',
    'bigint',
    'sql',
    `with forgotten as (
       update audit_log set personal = null, salt = null
       where personal is not null and (actor_id = person
         or (object_kind = 'user' and object_id = person::text) or personal ->> 'email' = address)
       returning 1)
     select count(*) from forgotten`,
  ),
  ...door(
    // Also chains whose head, or whose every row, somebody took away.
    'audit_chains()',
    'table (chain bigint, seq bigint, hash bytea)',
    'sql',
    `with recursive c as (
       (select l.chain from audit_log l order by l.chain limit 1)
       union all
       select (select l.chain from audit_log l where l.chain > c.chain order by l.chain limit 1)
       from c where c.chain is not null)
     select coalesce(h.chain, c.chain), h.seq, h.hash
     from (select chain from c where chain is not null) c
       full join audit_heads h on h.chain = c.chain
     order by 1`,
  ),
  ...door(
    'audit_head(of_chain bigint)',
    'table (seq bigint, hash bytea)',
    'sql',
    'select h.seq, h.hash from audit_heads h where h.chain = of_chain',
  ),
  ...door(
    'audit_rows(of_chain bigint, after_seq bigint, after_id bigint, most integer)',
    'setof audit_log',
    'sql',
    // By the id too: a second row in the same place, which should not be, must not hide between pages.
    `select * from audit_log where chain = of_chain and (seq, id) > (after_seq, after_id)
       order by seq, id limit most`,
  ),
  ...door(
    // EXECUTE plans with the values at hand, and only the filters that are given are in the question.
    `audit_page(before_at timestamptz, before_id bigint, most integer, of_actions text[],
       of_outcome text, of_actor bigint, of_workspace bigint, from_at timestamptz, to_at timestamptz)`,
    'setof audit_log',
    'plpgsql',
    `begin
       return query execute 'select * from audit_log where true'
         || case when before_id is null then '' else ' and (at, id) < ($1, $2)' end
         || case when of_actions is null then '' else ' and action = any($4)' end
         || case when of_outcome is null then '' else ' and outcome = $5' end
         || case when of_actor is null then '' else ' and actor_id = $6' end
         || case when of_workspace is null then '' else ' and workspace_id = $7' end
         || case when from_at is null then '' else ' and at >= $8' end
         || case when to_at is null then '' else ' and at <= $9' end
         || ' order by at desc, id desc limit $3'
         using before_at, before_id, most, of_actions, of_outcome, of_actor, of_workspace,
           from_at, to_at;
     end`,
  ),
  ...door(
    'audit_counts(from_at timestamptz, of_actions text[])',
    'table (action text, count bigint)',
    'sql',
    `select l.action, count(*) from audit_log l
       where l.action = any(of_actions) and l.at > from_at group by l.action`,
  ),
  ...door(
    // What somebody did, and what was done to their account, wherever it is written.
    `audit_of_person(person bigint, before_at timestamptz, before_id bigint, most integer)`,
    'setof audit_log',
    'plpgsql',
    `begin
       return query
         (select * from audit_log
            where actor_id = person and (at, id) < (before_at, before_id)
            order by at desc, id desc limit most)
         union
         (select * from audit_log
            where object_kind = 'user' and object_id = person::text
              and (at, id) < (before_at, before_id)
            order by at desc, id desc limit most)
         order by at desc, id desc limit most;
     end`,
  ),
)
