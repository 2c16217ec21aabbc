package io.millrace.io.kafka;

import io.millrace.transforms.event.Event;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/** Lets a test look at, hold up or fail each event on its way through a pipeline in this JVM. */
final class Hook {
    private static final Map<String, OnEvent> HOOKS = new ConcurrentHashMap<>();

    private Hook() {}

    static ParDo.SingleOutput<Event, Event> on(OnEvent hook) {
        String name = UUID.randomUUID().toString();
        HOOKS.put(name, hook);
        return ParDo.of(new HookFn(name));
    }

    interface OnEvent {
        void accept(Event event) throws Exception;
    }

    private static final class HookFn extends DoFn<Event, Event> implements Serializable {
        private static final long serialVersionUID = 1;
        private final String name;

        HookFn(String name) {
            this.name = name;
        }

        @ProcessElement
        public void process(@Element Event event, OutputReceiver<Event> output) throws Exception {
            HOOKS.get(name).accept(event);
            output.output(event);
        }
    }
}
