/**
 * A measured program's side of the conversation with the one that measures.
 *
 * @module
 */

/**
 * Says that this program is ready, and from then on answers each order that
 * comes. The program ends when no more can come.
 *
 * @param greeting A number to be ready with: the port that it listens on.
 * @param figure Carries an order out, and gives the figure that came out.
 */
export async function answer(
  greeting: number,
  figure: (order: string) => number | Promise<number>,
): Promise<never> {
  console.log(greeting);
  // The next order comes when this one was answered: a read brings one.
  const orders = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const order of orders) console.log(await figure(order.trim()));
  Deno.exit(0);
}
