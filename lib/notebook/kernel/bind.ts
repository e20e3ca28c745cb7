/** What can listen at an address: a socket of ZeroMQ. */
interface Binding {
  bind(address: string): Promise<void>;
}

/** How often a taken port is tried, and how long apart in milliseconds. */
const tries = 10;
const apart = 100;

/**
 * Listens at an address. Front ends choose a kernel's ports before it starts, by opening and closing them; another
 * process that chooses at this moment holds one for an instant, which is waited for.
 * @throws the fault of ZeroMQ, at once or for a port that stays taken after a second
 */
export async function bindTo(socket: Binding, address: string): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      return await socket.bind(address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || left === 1) throw error;
      await new Promise((passed) => setTimeout(passed, apart));
    }
  }
}
