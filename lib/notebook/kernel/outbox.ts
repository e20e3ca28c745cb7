/** What of a ZeroMQ socket is needed to send. */
interface Sender {
  send(frames: Buffer[]): Promise<void>;
}

export interface Outbox {
  /** @param replaces a message that still waits and was sent under the same name is replaced by this one */
  send(frames: Buffer[], replaces?: string): void;
  /** Bytes that the socket has not taken yet. */
  readonly waitingBytes: number;
}

/**
 * Sends messages in order without losing any. A socket takes some hundred messages in one turn of the event loop and then throws
 * EBUSY until the next turn; those wait here. Up to then a message leaves at once, also from inside a synchronous loop.
 */
export function createOutbox(socket: Sender): Outbox {
  const waiting: { frames: Buffer[]; name: string | undefined }[] = [];
  let bytes = 0;
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
    while (waiting.length > 0 && trySend(waiting[0].frames)) bytes -= sizeOf(waiting.shift()?.frames);
    if (waiting.length > 0) void underWay.then(drain);
  };
  return {
    get waitingBytes() {
      return bytes;
    },
    send(frames, replaces) {
      if (waiting.length === 0 && trySend(frames)) return;
      const old = replaces === undefined ? undefined : waiting.find(({ name }) => name === replaces);
      bytes += sizeOf(frames) - sizeOf(old?.frames);
      if (old) old.frames = frames;
      else waiting.push({ frames, name: replaces });
      if (waiting.length === 1) void underWay.then(drain);
    },
  };
}

function sizeOf(frames: readonly Buffer[] = []): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}
