package io.millrace.runnerprofiles;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;

/** The file systems on which Flink keeps state, in this process: those of the plugins and settings that its environment names. */
final class StateFileSystems {
    private static boolean known;

    private StateFileSystems() {}

    /** Makes them known, once: each time all plugins would be loaded anew, and the connections of the ones before be forgotten. */
    static synchronized void initialize() {
        if (!known && System.getenv("FLINK_PLUGINS_DIR") != null) {
            Configuration configuration = GlobalConfiguration.loadConfiguration();
            FileSystem.initialize(configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
        }
        known = true;
    }
}
