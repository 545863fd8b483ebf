// The connection for events. One at a time; it is made again until it is closed.

const NAMES = ['stream', 'gone', 'worker', 'journal', 'reset'];
/** The worker speaks every 2 s: silence for longer is a connection that is gone. */
const SILENCE_MS = 9000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];

export class Connection {
  /**
   * @param onEvent is given `{type, data}`
   * @param welcome is asked before another try: resolves to whether to try. A session may be over, and a request that is
   *   refused is an error in the browser's console
   */
  constructor(onEvent, welcome) {
    this.onEvent = onEvent;
    this.welcome = welcome;
    this.tries = 0;
    this.heardAt = 0;
    this.source = null;
    this.timer = 0;
    this.watch = 0;
  }

  open() {
    this.close();
    this.heardAt = Date.now();
    const source = new EventSource('v1/events');
    this.source = source;
    source.onopen = () => {
      this.tries = 0;
      this.heardAt = Date.now();
      this.onEvent({ type: 'open' });
    };
    source.onerror = () => {
      if (this.source !== source) return;
      this.onEvent({ type: 'lost' });
      this.later();
    };
    for (const type of NAMES) {
      source.addEventListener(type, message => {
        this.heardAt = Date.now();
        let data;
        try {
          data = JSON.parse(message.data);
        } catch {
          return;
        }
        this.onEvent({ type, data });
      });
    }
    this.watch = setInterval(() => {
      if (Date.now() - this.heardAt > SILENCE_MS) {
        this.onEvent({ type: 'lost' });
        this.later();
      }
    }, 1000);
  }

  /** Tries again after a while. */
  later() {
    this.close();
    const wait = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    const mine = (this.timer = setTimeout(async () => {
      if (!(await this.welcome())) return;
      if (this.timer === mine) this.open();
    }, wait));
  }

  /** Tries again at once. */
  now() {
    if (!this.source || this.source.readyState !== EventSource.OPEN) this.open();
  }

  close() {
    clearTimeout(this.timer);
    clearInterval(this.watch);
    this.timer = 0;
    this.source?.close();
    this.source = null;
  }
}
