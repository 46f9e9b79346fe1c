"""A Dask cluster on Kubernetes for gridtown: `python kubernetes.py`, then give its address to `--scheduler`.

Needs `pip install dask-kubernetes` beside gridtown, and Dask's operator in the cluster:

    helm repo add dask https://helm.dask.org
    helm install --create-namespace -n dask-operator --generate-name dask/dask-kubernetes-operator

It has not been tested by this project, which has no Kubernetes at hand. Workers run an image of yours that holds the
same gridtown and the same Python as the machine on which you type, and `s3fs` if the store is in S3.
"""

import sys
import time

from dask_kubernetes.operator import KubeCluster, make_cluster_spec

IMAGE = "registry.example.org/gridtown:0.1.0"
WORKERS = 50  # at most; each makes one run at a time

if __name__ == "__main__":
    spec = make_cluster_spec(
        name="gridtown",
        image=IMAGE,
        n_workers=1,
        resources={"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"cpu": "1", "memory": "4Gi"}},
        worker_command="dask-worker --nthreads 1",
        env={"GRIDTOWN_CACHE": "/cache"},
    )
    worker = spec["spec"]["worker"]["spec"]
    # Rules that the image brings along compiled need no volume; else each worker compiles them once, for a minute.
    worker["containers"][0]["volumeMounts"] = [{"name": "cache", "mountPath": "/cache"}]
    worker["volumes"] = [{"name": "cache", "emptyDir": {}}]
    cluster = KubeCluster(custom_cluster_spec=spec, namespace="default", shutdown_on_close=True)
    cluster.adapt(minimum=1, maximum=WORKERS)
    sys.stdout.write(f"gridtown experiment FILE --store s3://bucket/studies --scheduler {cluster.scheduler_address}\n")
    sys.stdout.flush()
    while cluster.status.name == "running":  # until Ctrl-C
        time.sleep(5)
