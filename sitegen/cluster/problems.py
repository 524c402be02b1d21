"""What can go wrong between machines, told so that the person who runs them knows what to do. Nothing was switched: the site is as it was."""

from __future__ import annotations

from sitegen.model.finding import N_
from sitegen.model.told import Told


class ClusterProblem(Told):
    """The build stops."""

    message = N_("the cluster failed: {what}")


class NotInstalled(ClusterProblem):
    """The extra is missing."""

    message = N_("building on a cluster needs a package that is not installed: pip install sitegen[dask]")


class NoScheduler(ClusterProblem):
    """Nobody answers at the address, or the connection broke and did not come back."""

    message = N_("no Dask scheduler answers at {address}: {what}")


class NoWorkers(ClusterProblem):
    """The scheduler has nobody who works."""

    message = N_(
        "the scheduler at {address} has had no workers for {seconds} seconds: start some with «dask worker {address} --nthreads 1»"
    )


class OtherProgram(ClusterProblem):
    """A worker would write other bytes than this machine."""

    message = N_(
        "worker {worker} has another sitegen than this machine ({theirs} there, {ours} here): program, templates and libraries must be the same everywhere"
    )


class NoProgram(ClusterProblem):
    """A worker cannot understand what is sent to it."""

    message = N_("worker {worker} cannot run sitegen: {what}; install the same version with its extra there: pip install sitegen[dask]")


class StoreRefuses(ClusterProblem):
    """The store cannot be opened, read or written."""

    message = N_("the store {url} cannot be used at {place}: {what}")


class NotShared(ClusterProblem):
    """What this machine writes into the store is not seen by a worker."""

    message = N_(
        "worker {worker} does not see the store {url}: «--store» must name a place that all machines reach, such as a shared folder or s3://bucket/path"
    )


class Damaged(ClusterProblem):
    """The store gives back other bytes than were put there."""

    message = N_("{name} in the store {url} is not what was written there; delete the store's folder and build again")


class WorkersDie(ClusterProblem):
    """A unit ends every worker that takes it."""

    message = N_(
        "the workers that took unit {code} died one after the other: give workers more memory («sitegen build» on one machine needs none)"
    )
