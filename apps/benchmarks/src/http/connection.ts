import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const end = '\r\n\r\n';

/** A connection that is kept alive, with as little around it as can be: the server is to be measured. */
export class Connection {
  readonly #socket: Socket;
  #received = '';
  #answered: ((response: string) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay().setEncoding('latin1');
    socket.on('data', (text) => this.#receive(String(text)));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('the server closed the connection')));
  }

  static async to(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Sends a request, and answers the whole response to it. */
  ask(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    if (!isWhole(this.#received)) return;
    const response = this.#received;
    this.#received = '';
    this.#answered?.(response);
  }
}

function isWhole(response: string): boolean {
  const headers = response.indexOf(end);
  if (headers < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(response)?.[1];
  if (length === undefined) return response.endsWith(`0${end}`);
  return response.length >= headers + end.length + Number(length);
}
