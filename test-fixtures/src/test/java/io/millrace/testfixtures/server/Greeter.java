package io.millrace.testfixtures.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The smallest server: whoever connects is greeted. */
public final class Greeter {

    private Greeter() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("broken")) {
            throw new IllegalStateException("the disk is full");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("ended in good order")));
        try (ServerSocket socket =
                new ServerSocket(Integer.parseInt(arguments[0]), 10, InetAddress.getLoopbackAddress())) {
            while (true) {
                try (Socket guest = socket.accept()) {
                    guest.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    static ServerProcess in(WorkDirectory directory, int port) {
        return new ServerProcess(
                new ServerCommand(
                        "greeter",
                        "greeter",
                        Greeter.class.getName(),
                        List.of("-Xmx16m"),
                        List.of(Integer.toString(port))),
                directory,
                () -> greeting(port).equals("hello"));
    }

    static String greeting(int port) throws IOException {
        return greeting(port, 30_000);
    }

    static String greeting(int port, int withinMillis) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(withinMillis);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
