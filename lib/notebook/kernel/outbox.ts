/** What of a ZeroMQ socket is needed to send. */
interface Sender {
  send(frames: Buffer[]): Promise<void>;
}

/**
 * Sends messages in order without losing any. A socket takes some hundred messages in one turn of the event loop and then throws
 * EBUSY until the next turn; those wait here. Up to then a message leaves at once, also from inside a synchronous loop.
 */
export function createOutbox(socket: Sender): (frames: Buffer[]) => void {
  const waiting: Buffer[][] = [];
  let underWay: Promise<void> = Promise.resolve();

  const trySend = (frames: Buffer[]): boolean => {
    try {
      underWay = socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
      throw error;
    }
  };
  const drain = (): void => {
    while (waiting.length > 0 && trySend(waiting[0])) waiting.shift();
    if (waiting.length > 0) void underWay.then(drain);
  };
  return (frames) => {
    if (waiting.length === 0 && trySend(frames)) return;
    waiting.push(frames);
    if (waiting.length === 1) void underWay.then(drain);
  };
}
