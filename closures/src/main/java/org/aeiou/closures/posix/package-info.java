/** The one binding of libc, for both modules, and memory for the structures that it reads. */
package org.aeiou.closures.posix;
