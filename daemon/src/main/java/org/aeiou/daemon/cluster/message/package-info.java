/**
 * What members say to each other, as bytes. Bounded and checked on the way in: a message that is no
 * message of this program is dropped, counted, and ends nothing.
 *
 * <pre>
 *   room ──Frame──▶ Post ──▶ FrameCodec ──▶ Outbox ──(gathered, or in parts)──▶ Broker
 *   room ◀──Frame── Post ◀── FrameCodec ◀── Inbox ◀──(a message, or Parts)── Broker
 * </pre>
 *
 * <p>{@code Header} draws what a message begins with, {@code FrameCodec} what follows. Numbers of
 * types and kinds are for ever; what is new gets a new one, or stands behind all that a frame has.
 */
package org.aeiou.daemon.cluster.message;
