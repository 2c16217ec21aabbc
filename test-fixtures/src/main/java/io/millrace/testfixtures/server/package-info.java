/**
 * Real servers from Maven jars, each in a JVM of its own with a class path of its own.
 *
 * <p>A server is one small Maven module, whose {@code provided} dependencies are written to the resource
 * {@code META-INF/millrace/<server>.classpath}, and one small class that knows its configuration and when it is ready.
 * So a server's libraries never meet those of the code under test. Every server JVM begins with
 * {@code Launcher}, which halts it as soon as its standard input ends: nothing outlives the JVM that started it,
 * not even when that JVM is killed.
 */
@NullMarked
package io.millrace.testfixtures.server;

import org.jspecify.annotations.NullMarked;
