/**
 * The measured jobs with nothing but `node:net`, and what both sides need at the
 * other end. Its arguments are the job, and the port that it is done with.
 *
 * @module
 */

import * as net from "node:net";
import { answer } from "./programs/answer.ts";
import { CONNECTIONS, holdsOneMore, residentMemory } from "./programs/hold.ts";
import {
  AT_ONCE,
  checkPoem,
  poemBytes,
  POEMS,
  poemsPerSecond,
} from "./programs/poem.ts";
import {
  checkTotal,
  CHUNK,
  mebibytesPerSecond,
  PEER_CHUNK,
  TOTAL,
} from "./programs/stream.ts";

const HOST = "127.0.0.1";
const [job, port] = [Deno.args[0] ?? "", Number(Deno.args[1])];

function connect(): net.Socket {
  return net.connect({ host: HOST, port });
}

/** Listens, does something with each connection, and gives the port. */
async function listen(serve: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on("error", (error) => console.error(error));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return (server.address() as net.AddressInfo).port;
}

function getPoetry(): Promise<string> {
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let poem = "";
    const socket = connect();
    socket.on("data", (data) => {
      poem += decoder.decode(data, { stream: true });
    });
    socket.on("end", () => resolve(poem + decoder.decode()));
    socket.on("error", reject);
  });
}

async function fetchAll(): Promise<void> {
  const whole = new TextDecoder().decode(poemBytes());
  let left = POEMS;
  async function fetchSome(): Promise<void> {
    while (left-- > 0) checkPoem(await getPoetry(), whole);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

/** Writes it all, as fast as it is taken. */
function pour(socket: net.Socket, chunk: Uint8Array, done?: () => void): void {
  let sent = 0;
  function more(): void {
    while (sent < TOTAL) {
      sent += chunk.length;
      if (!socket.write(chunk)) {
        socket.once("drain", more);
        return;
      }
    }
    done?.();
  }
  more();
}

function send(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect();
    socket.on("error", reject);
    // The receiver closes the connection when it has it all.
    socket.on("end", resolve).resume();
    pour(socket, new Uint8Array(CHUNK));
  });
}

function receive(): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    const socket = connect();
    socket.on("error", reject);
    socket.on("data", (data) => {
      received += data.length;
    });
    socket.on("end", () => resolve(checkTotal(received)));
  });
}

function drain(socket: net.Socket): void {
  let received = 0;
  socket.on("data", (data) => {
    received += data.length;
    if (received === TOTAL) socket.end();
  });
}

function flood(socket: net.Socket): void {
  pour(socket, new Uint8Array(PEER_CHUNK), () => socket.end());
}

function hold(socket: net.Socket): void {
  socket.on("data", () => {});
  holdsOneMore();
}

async function connectAll(): Promise<number> {
  const sockets = new Set<net.Socket>();
  while (sockets.size < CONNECTIONS) {
    const socket = connect();
    await new Promise((resolve) => socket.once("connect", resolve));
    sockets.add(socket);
  }
  return sockets.size;
}

const nothing = () => 0;
const poem = poemBytes();

const JOBS: Record<string, () => Promise<never>> = {
  connect: async () => await answer(await connectAll(), nothing),
  drain: async () => await answer(await listen(drain), nothing),
  fetch: () => answer(0, () => poemsPerSecond(fetchAll)),
  flood: async () => await answer(await listen(flood), nothing),
  hold: async () => await answer(await listen(hold), residentMemory),
  receive: () => answer(0, () => mebibytesPerSecond(receive)),
  send: () => answer(0, () => mebibytesPerSecond(send)),
  serve: async () =>
    await answer(await listen((socket) => socket.end(poem)), nothing),
};

await JOBS[job]?.();
