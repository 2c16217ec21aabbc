package io.millrace.runnerprofiles;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/** The files that a state refers to by its index. What is small is in the index itself, and what local recovery keeps is none of the state. */
final class StateFiles {
    private final Map<String, Long> sizes = new TreeMap<>();

    private StateFiles() {}

    /**
     * The files of an index, each with how many bytes of it are meant.
     *
     * @throws FlinkClusterException if there is state of a kind whose files are not known
     */
    static Map<String, Long> of(Collection<OperatorState> operators) {
        StateFiles files = new StateFiles();
        for (OperatorState operator : operators) {
            if (operator.getCoordinatorState() != null) {
                files.add(operator.getCoordinatorState());
            }
            operator.getStates().forEach(files::add);
        }
        return files.sizes;
    }

    private void add(OperatorSubtaskState task) {
        task.getManagedOperatorState().forEach(this::add);
        task.getRawOperatorState().forEach(this::add);
        task.getManagedKeyedState().forEach(this::add);
        task.getRawKeyedState().forEach(this::add);
        task.getInputChannelState().forEach(channel -> add(channel.getDelegate()));
        task.getResultSubpartitionState().forEach(channel -> add(channel.getDelegate()));
    }

    private void add(OperatorStateHandle handle) {
        add(handle.getDelegateStateHandle());
    }

    private void add(KeyedStateHandle handle) {
        if (handle instanceof KeyGroupsStateHandle groups) {
            add(groups.getDelegateStateHandle());
        } else if (handle instanceof IncrementalRemoteKeyedStateHandle increments) {
            add(increments.getMetaDataStateHandle());
            increments.getSharedState().stream()
                    .map(HandleAndLocalPath::getHandle)
                    .forEach(this::add);
            increments.getPrivateState().stream()
                    .map(HandleAndLocalPath::getHandle)
                    .forEach(this::add);
        } else {
            throw unknown(handle);
        }
    }

    private static FlinkClusterException unknown(Object handle) {
        return new FlinkClusterException("state must be of a kind whose files are known, but was "
                + handle.getClass().getSimpleName());
    }

    private void add(StreamStateHandle handle) {
        if (handle instanceof FileStateHandle file) {
            sizes.merge(file.getFilePath().toString(), file.getStateSize(), Math::max);
        } else if (handle.asBytesIfInMemory().isEmpty()) {
            throw unknown(handle);
        }
    }
}
