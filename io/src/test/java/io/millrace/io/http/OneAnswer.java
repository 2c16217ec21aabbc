package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** A service that answers one request, byte for byte as it is told, and ends the connection. */
final class OneAnswer {
    private OneAnswer() {}

    /** Waits for a request, answers it, and ends the connection when it may. */
    static void give(ServerSocket service, String answer, CountDownLatch end) {
        try (Socket connection = service.accept()) {
            BufferedReader request = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
            String line = request.readLine();
            while (line != null && !line.isEmpty()) {
                line = request.readLine();
            }
            OutputStream out = connection.getOutputStream();
            out.write(answer.getBytes(ISO_8859_1));
            out.flush();
            end.await();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
