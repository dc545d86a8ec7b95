/** Requests. */
package org.aeiou.daemon.attach.request;
