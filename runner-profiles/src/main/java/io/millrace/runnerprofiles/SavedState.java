package io.millrace.runnerprofiles;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.beam.runners.flink.translation.wrappers.streaming.io.source.FlinkSourceSplit;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FsCompletedCheckpointStorageLocation;
import org.apache.flink.shaded.guava31.com.google.common.hash.Hashing;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint or checkpoint of one of Beam's jobs on Flink: how far it had read its streams, and the same state without some of it.
 *
 * <p>A job restored from a state reads on with the very source that is in it, whatever its pipeline says now. Restored from
 * {@link #withoutStreams()} it keeps the state of every other step, and the source begins as the pipeline says. Flink refuses a job
 * whose state has what no step of it takes: {@link #withoutSteps} leaves out what belongs to steps that are gone.
 *
 * <p>The state is read where this is called, not on the cluster. Local files are read as they are; for other file systems this
 * process needs Flink's plugins and settings, as Flink's own command line does: the environment variables
 * {@code FLINK_PLUGINS_DIR} and {@code FLINK_CONF_DIR}.
 */
public final class SavedState {
    /** The name under which Flink keeps the splits of a source. */
    private static final ListStateDescriptor<byte[]> SPLITS =
            new ListStateDescriptor<>("SourceReaderState", BytePrimitiveArraySerializer.INSTANCE);

    private static final String INDEX = AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME;
    private static final String INDEX_WITHOUT_STREAMS = INDEX + "-without-streams";
    private static final String INDEX_WITHOUT_STEPS = INDEX + "-without-steps";

    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?");
    private static final Pattern INDEX_OF_PATH = Pattern.compile("/+(" + INDEX + "[^/]*)?$");

    private final Path folder;
    private final CheckpointMetadata index;

    private SavedState(Path folder, CheckpointMetadata index) {
        this.folder = folder;
        this.index = index;
    }

    /**
     * The state at a path, as Flink names it: a folder, or the index in it.
     *
     * @throws FlinkClusterException if there is none, or this process cannot read it
     */
    public static SavedState at(String path) {
        try {
            StateFileSystems.initialize();
            FsCompletedCheckpointStorageLocation location =
                    AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
            try (DataInputStream in =
                    new DataInputStream(location.getMetadataHandle().openInputStream())) {
                return new SavedState(
                        location.getExclusiveCheckpointDir(),
                        Checkpoints.loadCheckpointMetadata(in, classLoader(), path));
            }
        } catch (UnsupportedFileSystemSchemeException e) {
            throw new FlinkClusterException(
                    "state " + path
                            + " cannot be read from here: set FLINK_PLUGINS_DIR and FLINK_CONF_DIR to the plugins and"
                            + " the configuration of a Flink that can",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new FlinkClusterException("state " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether there is a state at a path. */
    public static boolean exists(String path) {
        try {
            StateFileSystems.initialize();
            AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
            return true;
        } catch (FileNotFoundException e) {
            return false;
        } catch (IOException e) {
            throw new FlinkClusterException("state " + path + " cannot be looked for: " + e.getMessage(), e);
        }
    }

    /** Whether a state is there no more; where the folder around it is away too, as a disk may be, that is not known. */
    public static boolean isGone(String path) {
        if (exists(path)) {
            return false;
        }
        Path around = new Path(path).getParent();
        try {
            return around != null
                    && (around.getFileSystem().getKind() == FileSystemKind.OBJECT_STORE
                            || around.getFileSystem().exists(around));
        } catch (IOException e) {
            throw new FlinkClusterException("state " + path + " cannot be looked for: " + e.getMessage(), e);
        }
    }

    /** The folder of a state, of whichever of its indexes the path is, and however it is written. */
    public static String folderOf(String path) {
        String withoutScheme = SCHEME.matcher(path).replaceFirst("");
        return INDEX_OF_PATH.matcher(withoutScheme).replaceFirst("");
    }

    /** How many bytes it has, without its index. */
    public long bytes() {
        return index.getOperatorStates().stream()
                .mapToLong(OperatorState::getStateSize)
                .sum();
    }

    /** What is wrong with its files, one line each: a job cannot begin with a state that lacks one. None where it is complete. */
    public List<String> damages() {
        List<String> damages = new ArrayList<>();
        files().forEach((file, bytes) -> damage(file, bytes).ifPresent(damages::add));
        return damages;
    }

    private static Optional<String> damage(String file, long bytes) {
        Path path = new Path(file);
        try {
            long found = path.getFileSystem().getFileStatus(path).getLen();
            return found < bytes
                    ? Optional.of("file " + file + " must have " + bytes + " bytes, but has " + found)
                    : Optional.empty();
        } catch (FileNotFoundException e) {
            return Optional.of("file " + file + " is not there");
        } catch (IOException e) {
            throw new FlinkClusterException("file " + file + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** The paths of the files that it needs, but for its index. */
    public Set<String> neededFiles() {
        return files().keySet();
    }

    /** Deletes it, but for files that others need; its index last, so that a deletion that breaks off can be begun again. */
    public void delete(Set<String> needed) {
        try {
            FileSystem files = folder.getFileSystem();
            for (String file : files().keySet()) {
                if (!needed.contains(file)) {
                    files.delete(new Path(file), false);
                }
            }
            for (FileStatus file : list(files)) {
                if (file.getPath().getName().startsWith(INDEX + "-")) {
                    files.delete(file.getPath(), false);
                }
            }
            Path last = new Path(folder, INDEX);
            files.delete(last, false);
            if (files.exists(last)) { // some file systems say nothing where they may not delete
                throw new IOException("its index stays");
            }
            if (list(files).length == 0) {
                files.delete(folder, false);
            }
        } catch (IOException e) {
            throw new FlinkClusterException("state " + folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private FileStatus[] list(FileSystem files) throws IOException {
        @Nullable FileStatus[] found = files.listStatus(folder);
        return found == null ? new FileStatus[0] : found;
    }

    private Map<String, Long> files() {
        return StateFiles.of(index.getOperatorStates());
    }

    /**
     * How far streams had been read: one mark for each split of each, but of those that some steps read.
     *
     * @param but the full names of the steps
     * @throws FlinkClusterException if nothing had been read yet
     */
    public List<CheckpointMark> streams(Collection<String> but) {
        List<Optional<CheckpointMark>> marks = marks(but);
        if (marks.isEmpty() || marks.contains(Optional.<CheckpointMark>empty())) {
            throw notYetRead();
        }
        return marks.stream().flatMap(Optional::stream).toList();
    }

    /** The same, of splits that had been begun; none of those that had not. */
    public List<CheckpointMark> streamsBegun(Collection<String> but) {
        return marks(but).stream().flatMap(Optional::stream).toList();
    }

    private List<Optional<CheckpointMark>> marks(Collection<String> but) {
        Set<OperatorID> leftOut = operators(but);
        List<Optional<CheckpointMark>> marks = new ArrayList<>();
        for (OperatorState operator : index.getOperatorStates()) {
            if (!leftOut.contains(operator.getOperatorID())) {
                for (FlinkSourceSplit<?> split : splits(operator)) {
                    if (split.getBeamSplitSource() instanceof UnboundedSource<?, ?> stream) {
                        marks.add(mark(split, stream));
                    }
                }
            }
        }
        return marks;
    }

    /** Whether an operator reads a stream; one without splits had read nothing yet, and restored would read nothing ever. */
    private boolean readsStream(OperatorState operator) {
        List<FlinkSourceSplit<?>> splits = splits(operator);
        boolean isUnread = operator.getCoordinatorState() != null && splits.isEmpty();
        return isUnread || splits.stream().anyMatch(split -> split.getBeamSplitSource() instanceof UnboundedSource);
    }

    private FlinkClusterException notYetRead() {
        return new FlinkClusterException("state " + folder + " was written before the job had begun to read");
    }

    /**
     * Writes, beside the state's index, another that leaves out how far streams had been read, and gives its path: a job restored
     * from that has all the rest.
     */
    public String withoutStreams() {
        return write(new Path(folder, INDEX_WITHOUT_STREAMS), operator -> !readsStream(operator));
    }

    /**
     * Writes, beside the state's index, another that leaves out the state of some steps, and steps that have none, and gives its path.
     *
     * @param steps the full names of the steps
     */
    public String withoutSteps(Collection<String> steps) {
        return write(new Path(folder, INDEX_WITHOUT_STEPS), hasNone(steps));
    }

    /** The path, beside the state's index, of another one that is for a job alone. */
    public String indexFor(String jobId) {
        return indexPathFor(jobId).toString();
    }

    private Path indexPathFor(String jobId) {
        return new Path(folder, INDEX + "-for-" + jobId);
    }

    /** The same as {@link #withoutSteps(Collection)}, at {@link #indexFor}: what other jobs begin with stays as it is. */
    public String withoutSteps(Collection<String> steps, String jobId) {
        return write(indexPathFor(jobId), hasNone(steps));
    }

    /** Deletes what {@link #withoutSteps(Collection, String)} wrote, and the state's folder if nothing else is there any more. */
    public static void deleteIndex(String written) {
        Path index = new Path(written);
        StateFolder folder = StateFolder.at(index.getParent().toString());
        folder.delete(index.getName());
        folder.deleteIfEmpty();
    }

    private static Predicate<OperatorState> hasNone(Collection<String> steps) {
        Set<OperatorID> left = operators(steps);
        return operator -> !left.contains(operator.getOperatorID()) && !isEmpty(operator);
    }

    /** Whether an operator has nothing in the state but lists without an element, which Beam keeps for every step. */
    private static boolean isEmpty(OperatorState operator) {
        return operator.getCoordinatorState() == null
                && operator.getStates().stream().allMatch(SavedState::isEmpty);
    }

    private static boolean isEmpty(OperatorSubtaskState subtask) {
        return subtask.getManagedKeyedState().isEmpty()
                && subtask.getRawKeyedState().isEmpty()
                && subtask.getRawOperatorState().isEmpty()
                && subtask.getManagedOperatorState().stream()
                        .flatMap(handle -> handle.getStateNameToPartitionOffsets().values().stream())
                        .allMatch(elements -> elements.getOffsets().length == 0);
    }

    private static Set<OperatorID> operators(Collection<String> steps) {
        return steps.stream().map(SavedState::operator).collect(Collectors.toSet());
    }

    /** The id that Flink gives the operator of a uid, which for Beam is the full name of its step. */
    private static OperatorID operator(String step) {
        return new OperatorID(Hashing.murmur3_128(0)
                .newHasher()
                .putString(step, StandardCharsets.UTF_8)
                .hash()
                .asBytes());
    }

    private String write(Path written, Predicate<OperatorState> isKept) {
        List<OperatorState> kept =
                index.getOperatorStates().stream().filter(isKept).toList();
        try (FSDataOutputStream out = folder.getFileSystem().create(written, WriteMode.OVERWRITE)) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(
                            index.getCheckpointId(), kept, index.getMasterStates(), index.getCheckpointProperties()),
                    out);
        } catch (IOException e) {
            throw new FlinkClusterException("file " + written + " cannot be written: " + e.getMessage(), e);
        }
        return written.toString();
    }

    private <MarkT extends CheckpointMark> Optional<CheckpointMark> mark(
            FlinkSourceSplit<?> split, UnboundedSource<?, MarkT> stream) {
        byte @Nullable [] mark = split.getSplitState();
        if (mark == null) {
            return Optional.empty();
        }
        Coder<MarkT> coder = stream.getCheckpointMarkCoder();
        try {
            return Optional.of(coder.decode(new ByteArrayInputStream(mark)));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private List<FlinkSourceSplit<?>> splits(OperatorState operator) {
        List<OperatorStateHandle> handles = operator.getStates().stream()
                .flatMap(subtask -> subtask.getManagedOperatorState().stream())
                .filter(handle -> handle.getStateNameToPartitionOffsets().containsKey(SPLITS.getName()))
                .toList();
        return handles.isEmpty() ? List.of() : read(handles);
    }

    private List<FlinkSourceSplit<?>> read(Collection<OperatorStateHandle> handles) {
        List<FlinkSourceSplit<?>> splits = new ArrayList<>();
        try (CloseableRegistry streams = new CloseableRegistry()) {
            DefaultOperatorStateBackend state = new DefaultOperatorStateBackendBuilder(
                            classLoader(), new ExecutionConfig(), false, handles, streams)
                    .build();
            for (byte[] split : state.getListState(SPLITS).get()) {
                splits.add(
                        SimpleVersionedSerialization.readVersionAndDeSerialize(FlinkSourceSplit.serializer(), split));
            }
            state.dispose();
        } catch (Exception e) {
            throw unreadable(e);
        }
        return splits;
    }

    private FlinkClusterException unreadable(Exception cause) {
        return new FlinkClusterException("state " + folder + " must be of a job of this version, but " + cause, cause);
    }

    private static ClassLoader classLoader() {
        return Thread.currentThread().getContextClassLoader();
    }
}
