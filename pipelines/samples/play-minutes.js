// What a play counts for: whole minutes on a kind of screen. Plays of less than a minute are left out.

var SCREENS = { tv: "large", console: "large", web: "medium", tablet: "small", phone: "small" };

function filter(event) {
  if (typeof event.duration_s !== "number") {
    throw new Error("duration_s must be a number, but was " + event.duration_s);
  }
  return event.duration_s >= 60;
}

function map(event) {
  return {
    title_id: event.title_id,
    screen: SCREENS[event.device] || "unknown",
    minutes: Math.floor(event.duration_s / 60)
  };
}
