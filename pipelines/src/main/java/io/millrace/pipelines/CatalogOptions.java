package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.StateFolder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the catalogs of restore points are. */
final class CatalogOptions {
    @Option(
            names = "--flinkMaster",
            paramLabel = "HOST:PORT",
            description = "The REST interface of the cluster, which is also the address of its web pages.")
    private @Nullable String flinkMaster;

    @Option(
            names = "--catalog",
            paramLabel = "PATH",
            description = "The folder of the catalogs, as Flink names it, such as s3://lake/flink/checkpoints/"
                    + Catalog.FOLDER
                    + ". Default: " + Catalog.FOLDER
                    + " in the folder of checkpoints that the cluster's configuration has."
                    + " File systems other than this machine's need FLINK_PLUGINS_DIR and FLINK_CONF_DIR.")
    private @Nullable String catalog;

    /** The cluster; nothing if none is given, or its address is a problem. */
    Optional<FlinkCluster> cluster(Problems problems) {
        return Optional.ofNullable(flinkMaster).flatMap(address -> problems.noting(() -> FlinkCluster.at(address)));
    }

    /** Notes where neither says where catalogs are. */
    void checkThereIsOne(Problems problems) {
        if (flinkMaster == null && catalog == null) {
            problems.add("--catalog", "is required where no cluster can be asked for its folder, by --flinkMaster");
        }
    }

    /** The folder of catalogs, as it is given, or beside the checkpoints of a cluster. */
    StateFolder folder(Optional<FlinkCluster> cluster) {
        return Optional.ofNullable(catalog)
                .map(StateFolder::at)
                .or(() -> cluster.flatMap(Catalog::beside))
                .orElseThrow(() -> new FlinkClusterException(
                        "the cluster's configuration has no state.checkpoints.dir, so its checkpoints do not outlive a job: set it,"
                                + " or say with --catalog where the catalogs are"));
    }
}
