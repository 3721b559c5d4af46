"""Airflow: one night of bulk-orders at two. Change the paths and the limit; the worker's user needs the settings and the ledger.

Written for Airflow 3. In Airflow 2 import DAG from `airflow`, and BashOperator from `airflow.operators.bash`.

The ledger is on one machine's own disk: `queue` sends the task to the one worker that has it.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# 3 and 4 are for finance, who are notified by the night itself; 8 means that another night works. Neither should be repeated.
NIGHT = """
/opt/bulk-orders/.venv/bin/bulk-orders --no-input nightly /srv/orders --profile live --max-orders 200 --json
code=$?
case $code in 3|4|8) exit 0 ;; *) exit $code ;; esac
"""

with DAG(
    dag_id="bulk_orders_nightly",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow reads it in the time zone of its own settings
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=8),
):
    BashOperator(
        task_id="night",
        bash_command=NIGHT,
        env={"BULK_ORDERS_HOME": "/var/lib/bulk-orders"},
        append_env=True,
        queue="bulk-orders",
        retries=0,  # exit code 5 needs a person; what was left is resumed the next night
        skip_on_exit_code=None,
    )
