/**
 * The audio of a slot, as functions of samples: how a dub is made as long as its slot, how it meets
 * its neighbours, how loud it is and what is heard under it. No threads, no clocks; what has state
 * says so.
 */
@NullMarked
package babelmux.worker.sound;

import org.jspecify.annotations.NullMarked;
