package io.millrace.testfixtures.historyserver;

import org.jspecify.annotations.Nullable;

/** A request of a connection and, once it is there, its answer. It is over when the answer is sent, or cannot be any more. */
final class Exchange {
    private final Connection connection;
    private final boolean keepAlive;
    private @Nullable Answer answer;
    private @Nullable Runnable afterwards;
    private boolean over;

    Exchange(Connection connection, boolean keepAlive) {
        this.connection = connection;
        this.keepAlive = keepAlive;
    }

    Connection connection() {
        return connection;
    }

    boolean isKeptAlive() {
        return keepAlive;
    }

    void answer(Answer answer) {
        this.answer = answer;
        connection.sendAnswers();
    }

    @Nullable Answer answer() {
        return answer;
    }

    /** What is done when it is over. */
    void afterwards(Runnable deed) {
        afterwards = deed;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
        if (afterwards != null) {
            afterwards.run();
        }
    }
}
