/**
 * One question to a system and its answer: all that a back end knows of the scheduler.
 *
 * <p>A back end implements {@link org.aeiou.closures.exchange.Exchanger}. It is given an {@link
 * org.aeiou.closures.exchange.Exchange} with a batch of items, and gives an {@link
 * org.aeiou.closures.exchange.Answer}. {@link org.aeiou.closures.exchange.Limits} say how a system
 * may be asked, {@link org.aeiou.closures.exchange.Health} how it does; {@link
 * org.aeiou.closures.exchange.CompletionHandler} is step 1 of every completion, which the
 * application gives.
 */
package org.aeiou.closures.exchange;
