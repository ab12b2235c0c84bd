/**
 * Prints what comes over a connection, as `nc HOST PORT` does.
 *
 * @module
 */

const [hostname = "", port] = Deno.args;

const connection = await Deno.connect({ hostname, port: Number(port) });
await connection.readable.pipeTo(Deno.stdout.writable);
