// Runs in each page before its own scripts: when charts are drawn, keys pressed and messages received.
(() => {
  const draws = [];
  const messages = [];
  let pressed = null;

  // plotly gives an element `on` when it makes a chart of it: listen from the first draw on.
  Object.defineProperty(HTMLElement.prototype, "on", {
    configurable: true,
    set(on) {
      Object.defineProperty(this, "on", { value: on, configurable: true, enumerable: true, writable: true });
      on("plotly_afterplot", () => {
        draws.push({ chart: this, at: performance.now() });
      });
    },
  });

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", () => messages.push(performance.now()));
    }
  };

  window.addEventListener("keydown", () => { pressed ??= performance.now(); }, true);

  const charts = () => [...document.querySelectorAll(".js-plotly-plot")];
  const withoutPrivate = (key, value) => (key.startsWith("_") ? undefined : value);
  const shown = (data, layout) => JSON.stringify(
    [data, layout?.shapes, layout?.annotations, layout?.title?.text, layout?.images], withoutPrivate);
  const state = () => charts().map((chart) => shown(chart.data, chart.layout));
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  let before = [];

  async function quiet(quietMs, timeoutMs) {
    const limit = performance.now() + timeoutMs;
    let seen = -1;
    let since = performance.now();
    while (performance.now() < limit) {
      if (draws.length !== seen) {
        seen = draws.length;
        since = draws.length ? Math.max(since, draws[seen - 1].at) : since;
      }
      if (performance.now() - since >= quietMs) return true;
      await wait(20);
    }
    return false;
  }

  window.probe = {
    quiet,

    // What the page shows now; the next key is timed from here.
    begin() {
      before = state();
      draws.length = messages.length = 0;
      pressed = null;
      return before.length;
    },

    // Waits until as many charts as `expected` show other data, and no chart was redrawn for `quietMs`. `latency` is
    // the last redraw, `received` the last message before it: Streamlit draws each chart twice, the second time themed.
    async end({ expected, quietMs, timeoutMs }) {
      const limit = performance.now() + timeoutMs;
      let changed = 0;
      do {
        await quiet(quietMs, limit - performance.now());
        changed = state().filter((text, i) => text !== before[i]).length;
      } while (changed < expected && performance.now() < limit);
      const last = draws.length ? draws[draws.length - 1].at : NaN;
      return {
        changed,
        draws: draws.length,
        latency: last - pressed,
        received: Math.max(0, ...messages.filter((time) => time <= draws[0]?.at)) - pressed,
      };
    },

    // Milliseconds since the epoch of the first draw, and of the last one before the page is quiet.
    async painted({ quietMs, timeoutMs }) {
      const limit = performance.now() + timeoutMs;
      while (!draws.length && performance.now() < limit) await wait(20);
      if (!draws.length) throw new Error(`no chart on ${location.href} within ${timeoutMs} ms`);
      await quiet(quietMs, timeoutMs);
      return [draws[0].at, draws[draws.length - 1].at].map((at) => performance.timeOrigin + at);
    },

    content() {
      const rows = [...document.querySelectorAll('[data-testid="stDataFrame"] [role="grid"]')]
        .map((grid) => Number(grid.getAttribute("aria-rowcount")) - 1);
      return {
        charts: charts().length,
        metrics: document.querySelectorAll('[data-testid="stMetric"]').length,
        rows: rows.reduce((sum, n) => sum + n, 0) + document.querySelectorAll('[data-testid="stTable"] tbody tr').length,
      };
    },
  };
})();
