"""A Dask cluster on Slurm for gridtown: `python slurm.py`, then give the address it prints to `--scheduler`.

Needs `pip install dask-jobqueue` beside gridtown, on a machine that may submit jobs. It has not been tested by this
project, which has no Slurm at hand: set the partition, the account and the times to those of your cluster.
"""

import signal
import sys
import time

from dask_jobqueue import SLURMCluster

CORES = 16  # of a job; a run takes one
JOBS = 20  # at most, at the same time

if __name__ == "__main__":
    cluster = SLURMCluster(
        queue="normal",
        account="my-project",
        cores=CORES,
        processes=CORES,  # one thread each
        memory="64GB",  # `gridtown check SCENARIO` says what one run takes
        walltime="08:00:00",
        # Workers end by themselves before Slurm ends them, and hand back what they have not begun.
        worker_extra_args=["--lifetime", "7h50m", "--lifetime-stagger", "5m"],
        job_script_prologue=[
            "export GRIDTOWN_CACHE=$HOME/.cache",  # on a file system that all nodes see: the rules are compiled once
        ],
        scheduler_options={"dashboard": False},
    )
    cluster.adapt(minimum_jobs=1, maximum_jobs=JOBS)
    sys.stdout.write(f"gridtown experiment FILE --store /shared/studies --scheduler {cluster.scheduler_address}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: cluster.close())
    while cluster.status.name == "running":  # until Ctrl-C
        time.sleep(5)
