package io.millrace.testfixtures.server;

import java.io.IOException;

/** A JVM that starts a greeter, tells its process id, and waits to be killed. */
public final class Parent {

    private Parent() {}

    public static void main(String[] arguments) throws IOException {
        ServerProcess greeter = Greeter.in(WorkDirectory.create("greeter"), Integer.parseInt(arguments[0]));
        greeter.start();
        if (arguments[1].equals("paused")) {
            greeter.pause();
        }
        System.out.println("greeter " + greeter.pid());
        System.in.transferTo(System.out);
    }
}
