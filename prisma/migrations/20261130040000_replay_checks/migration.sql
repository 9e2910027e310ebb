-- The checks of bodies in stored plans follow the names of the API: checked and notChecked for looked and notLooked.
UPDATE replay_runs
SET plan = jsonb_set(
  plan,
  '{preview,checks,bodies}',
  ((plan #> '{preview,checks,bodies}') - 'looked' - 'notLooked') || jsonb_build_object(
    'checked', plan #> '{preview,checks,bodies,looked}',
    'notChecked', plan #> '{preview,checks,bodies,notLooked}'
  )
)
WHERE plan #> '{preview,checks,bodies,looked}' IS NOT NULL;
