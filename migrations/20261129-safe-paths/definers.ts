/**
 * Where pg_temp is not named, PostgreSQL looks for tables there first: whoever may make a temporary
 * one could hand it to a function that borrows rights. Named last, it is looked at last. TEMPORARY
 * itself stays: the check of the rollups needs it.
 */
export const definers = [
  `do $paths$
   declare
     ours record;
   begin
     for ours in
       select p.oid::regprocedure as signature, pg_get_userbyid(p.proowner) as owner
       from pg_proc p
       where p.prosecdef and p.pronamespace = 'public'::regnamespace
         and pg_get_userbyid(p.proowner) in (current_user, 'earshot_system')
     loop
       execute format('set local role %I', ours.owner);
       execute format('alter function %s set search_path = pg_catalog, public, pg_temp',
         ours.signature);
       reset role;
     end loop;
   end $paths$;`,
]
