/**
 * Systems that another member owns, as this one asks them: one exchanger more behind the same
 * queue, and what their owners tell unasked.
 *
 * <pre>
 *   AttributeService ──▶ RoutedQueue ──(owned here)──▶ the system's own queue ──▶ its back end
 *                             └──(owned elsewhere)──▶ a queue for it ──▶ RemoteExchanger ──▶ Broker
 * </pre>
 */
package org.aeiou.daemon.cluster.remote;
