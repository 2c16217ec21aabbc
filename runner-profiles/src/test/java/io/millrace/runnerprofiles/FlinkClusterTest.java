package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.Test;

public class FlinkClusterTest {

    @Test
    public void takesTheAddressAsItIsUsuallyWritten() {
        assertThat(FlinkCluster.at("flink:8081").webAddress(), is(URI.create("http://flink:8081")));
        assertThat(FlinkCluster.at("http://flink:8081/").webAddress(), is(URI.create("http://flink:8081")));
        assertThat(FlinkCluster.at("flink").webAddress(), is(URI.create("http://flink:8081")));
    }

    @Test
    public void refusesMastersThatAreNoAddress() {
        OptionsRefused refused = assertThrows(OptionsRefused.class, () -> FlinkCluster.at("[local]"));

        assertThat(
                refused.problems(),
                contains("--flinkMaster: must be the host:port of a cluster's REST interface, but was [local]"));
    }

    @Test
    public void knowsAClusterOnThisMachine() {
        assertThat(FlinkCluster.at("localhost:8081").isOnThisMachine(), is(true));
        assertThat(FlinkCluster.at("127.0.0.1:8081").isOnThisMachine(), is(true));
        assertThat(FlinkCluster.at("flink.example.com:8081").isOnThisMachine(), is(false));
    }

    @Test
    public void saysThatNoClusterAnswers() throws IOException {
        FlinkCluster nobody = FlinkCluster.at("127.0.0.1:" + portOfNobody());

        FlinkClusterException failure = assertThrows(FlinkClusterException.class, nobody::runningJobs);

        assertThat(
                failure.getMessage(),
                is("no Flink cluster answers at " + nobody.webAddress()
                        + ": is it up, and is this the address of its web pages?"));
    }

    private static int portOfNobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
