#!/usr/bin/perl
# A client of the attach protocol that uses what closures/ABI.md says and nothing else: an example of how to write one in
# another language, and the test that the page can be implemented. It needs nothing but perl-base.
#
#     attach.pl [--pages N] [--arena BYTES] [--seconds S] PLACE COMMAND PATH...
#
# PLACE is a mount point or the daemon's socket. Commands: read, uncached, cached (what is cached, and nothing else),
# list, stat, describe, walk (every attribute below), watch (until the time is over). Each outcome is a line: '=' in front
# of what was there inside the call, '~' of what came later, '!' of what could not be had. What has not come after S
# seconds (10) is cancelled.
#
# The memory is read with pread(2) and written with pwrite(2) instead of being mapped, as Perl cannot write to a mapping:
# every access is a system call, and between two of them lies what other languages need fences for.

use strict;
use warnings;

package Attached;

use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use POSIX ();
use Socket qw(AF_UNIX MSG_DONTWAIT MSG_NOSIGNAL PF_UNIX SOCK_STREAM SOL_SOCKET pack_sockaddr_un);

use constant {READ => 1, STAT => 2, LIST => 3, WATCH => 5, CANCEL => 6, DESCRIBE => 8};
use constant {HIT_ONLY => 1, FORCE_MISS => 2, NO_COMPLETION => 4, MORE => 1};
use constant {READING => 1, ABSENT => 2, FAILURE => 3, ANSWER => 4};
use constant {TAIL => 64, HEAD => 192, WAKE_AT => 320, ASLEEP => 320, DONE => 448, RING => 4096};
use constant {PATIENCE => 5, MOST_TRIES => 1000, LONGEST_VALUE => 16384, CANCELLED => 5, STOPPED => 10};

our @REASONS = (
  '', 'timeout', 'unreachable', 'refused', 'not writable', 'cancelled', 'bad answer', 'not cached', 'overloaded',
  'unknown name', 'stopped', 'bad request', 'is a directory', 'not a directory', 'name too long'
);
our @ANSWERS = ('', 'cancelled', 'too late', 'unknown');

# Numbers of system calls that Perl has no function for; the second set is that of all younger machines.
my $machine = (POSIX::uname())[4];
my %call =
  $machine eq 'x86_64'
  ? (recvmsg => 47, pread => 17, pwrite => 18, clock_gettime => 228)
  : (recvmsg => 212, pread => 67, pwrite => 68, clock_gettime => 113);

my @crc = map {
  my $crc = $_;
  $crc = $crc & 1 ? 0xEDB88320 ^ ($crc >> 1) : $crc >> 1 for 1 .. 8;
  $crc;
} 0 .. 255;

sub crc32 {
  my $crc = 0xFFFFFFFF;
  $crc = $crc[($crc ^ $_) & 0xFF] ^ ($crc >> 8) for unpack 'C*', $_[0];
  return $crc ^ 0xFFFFFFFF;
}

sub monotonic {
  my $time = "\0" x 16;
  syscall($call{clock_gettime}, 1, $time);
  my ($seconds, $nanos) = unpack 'q2', $time;
  return $seconds * 1_000_000_000 + $nanos;
}

sub bytes_of {
  my ($fd, $at, $length) = @_;
  return '' if $length == 0;
  my $bytes = "\0" x $length;
  my $got = syscall($call{pread}, $fd + 0, $bytes, $length + 0, $at + 0);
  die "shared memory: $!\n" if $got != $length;
  return $bytes;
}

# A word that the daemon may be writing: it is whole if it reads the same twice.
sub word_of {
  my ($fd, $at) = @_;
  my $word = unpack 'Q<', bytes_of($fd, $at, 8);
  while (1) {
    my $again = unpack 'Q<', bytes_of($fd, $at, 8);
    return $word if $again == $word;
    $word = $again;
  }
}

sub set_bytes {
  my ($self, $at, $bytes) = @_;
  my $put = syscall($call{pwrite}, $self->{submissions} + 0, $bytes, length($bytes) + 0, $at + 0);
  die "shared memory: $!\n" if $put != length $bytes;
}

sub set_word { $_[0]->set_bytes($_[1], pack 'Q<', $_[2]) }

# Coming in.

sub attach {
  my ($class, $place, %geometry) = @_;
  my $self = bless {pending => {}, silent => {}, cancels => [], tail => 0, head => 0, number => 0, unrung => 0}, $class;
  local $SIG{ALRM} = sub { die "$place: does not answer in time\n" };
  alarm PATIENCE;
  eval { $self->come_in($place, %geometry); 1 } or do { alarm 0; die $@ };
  alarm 0;
  return $self;
}

sub come_in {
  my ($self, $place, %geometry) = @_;
  my $path = $place;
  if (-d $place) {
    open my $note, '<', "$place/.aeiou/attach" or die "$place/.aeiou/attach: $!\n";
    chomp($path = <$note> // '');
    die "$place: its daemon lets no program attach\n" if $path eq '';
  }
  socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
  connect($socket, pack_sockaddr_un($path)) or die "$path: $!\n";
  my $hello = pack 'a8 L<2 L<4 x32', 'aeiouHEL', 1, 1,
    @geometry{qw(pages page_bytes outcome_bytes arena_bytes)};
  defined send($socket, $hello, MSG_NOSIGNAL) or die "$path: $!\n";
  my ($welcome, @fds) = receive($socket);
  my ($magic, undef, $major) = unpack 'a8 L<2', $welcome;
  die "$path: what answers there does not speak version 1\n" if $magic ne 'aeiouWEL' or $major != 1;
  my $error = unpack 'x32 L<', $welcome;
  die "$path: ", sentence($welcome), "\n" if $error != 0;
  die "$path: there are @{[scalar @fds]} descriptors instead of 4\n" if @fds != 4;
  @$self{qw(socket submissions completions table bell)} = ($socket, @fds);
  ($self->{epoch}, $self->{connection}) = unpack 'x16 Q<2', $welcome;
  @$self{qw(entries pages page_bytes outcome_bytes)} = unpack 'x36 L<4', $welcome;
  @$self{qw(pages_at outcomes_at arena_at)} = unpack 'x56 L<3', $welcome;
  $self->{completion_bytes} = word_of($fds[1], 24);
  my $table = bytes_of($fds[2], 0, 64);
  die "$path: the value table is of another version\n" if substr($table, 0, 8) ne 'aeiouTBL' or unpack('x12 L<', $table) != 1;
  @$self{qw(slots data_at data_bytes)} = unpack 'x32 L< x4 Q<2', $table;
  $self->{free} = [reverse 0 .. $self->{pages} - 1];
  $self->{kept} = $self->{pages} > 1 ? 1 : 0; # for cancels
}

sub sentence { my $length = unpack 'x68 L<', $_[0]; return unpack "x72 a$length", $_[0] }

# Receives the welcome and what comes with its first byte; struct msghdr and cmsghdr as on 64-bit Linux.
sub receive {
  my ($socket) = @_;
  my ($welcome, @fds) = ('');
  while (length $welcome < 256) {
    my $part = "\0" x (256 - length $welcome);
    my $control = "\0" x 64;
    my $vector = pack 'P J', $part, length $part;
    my $header = pack 'J2 P J P J J', 0, 0, $vector, 1, $control, length $control, 0;
    my $length = syscall($call{recvmsg}, fileno($socket), $header, 0x40000000); # MSG_CMSG_CLOEXEC
    next if $length < 0 and $! == EINTR;
    die "the daemon hung up before it answered\n" if $length <= 0;
    $welcome .= substr $part, 0, $length;
    my $controls = unpack 'x40 J', $header;
    if ($controls >= 20) {
      my ($bytes, $level, $type) = unpack 'J l2', $control;
      push @fds, unpack 'x16 l' . (($bytes - 16) / 4), $control if $level == SOL_SOCKET and $type == 1; # SCM_RIGHTS
    }
  }
  return ($welcome, @fds);
}

# What is cached.

# A reading, fresh or stale, that the table has of a path: value and whether it is stale; nothing else.
sub find {
  my ($self, $given) = @_;
  my $path = join '/', grep { $_ ne '' } split m{/}, $given;
  my $crc = crc32($path);
  my $table = $self->{table};
SLOT: for my $i (0 .. 63) {
    my $at = 4096 + 64 * (($crc + $i) % $self->{slots});
    for (1 .. MOST_TRIES) {
      my $sequence = word_of($table, $at);
      return if $sequence == 0;
      next if $sequence & 1;
      my ($hash, $length, $kind, $fresh, $usable, $bytes, $unit) = unpack 'L< S<2 Q<2 x16 L<2', bytes_of($table, $at + 8, 48);
      my $value;
      if ($hash == $crc and $length == length $path and $kind == READING) {
        my $offset = 64 * $unit;
        if ($bytes <= LONGEST_VALUE and $offset + $length + $bytes <= $self->{data_bytes}) {
          my $data = bytes_of($table, $self->{data_at} + $offset, $length + $bytes);
          $value = substr $data, $length if substr($data, 0, $length) eq $path;
        }
      }
      next if word_of($table, $at) != $sequence;
      next SLOT if not defined $value;
      my $now = monotonic();
      return if $now >= $usable;
      return ($value, $now > $fresh);
    }
  }
  return;
}

# Asking.

# Runs the closure inside the call if the value is cached, with 0; else later, with 1. Returns the number of the request:
# 0 if it has run, nothing if there is no page.
sub read_value {
  my ($self, $path, $closure) = @_;
  my ($value, $is_stale) = $self->find($path);
  return $self->submit(READ, $path, 0, $closure) if not defined $value;
  $self->prefetch($path) if $is_stale;
  $closure->(0, {path => $path, kind => READING, reason => 0, value => $value, more => 0});
  return 0;
}

sub submit {
  my ($self, $operation, $path, $flags, $closure, $target) = @_;
  $self->reclaim if @{$self->{free}} <= $self->{kept};
  return if $self->{ended} or @{$self->{free}} <= $self->{kept};
  my $page = $self->enter($operation, $path, $flags, $target // 0);
  $self->{pending}{$page} = {path => $path, closure => $closure, number => $self->{number}};
  return $self->{number};
}

# Has a stale reading refreshed, without a completion. Half of the pages at the most are in use for this.
sub prefetch {
  my ($self, $path) = @_;
  $self->reclaim if keys %{$self->{silent}} >= $self->{pages} / 2;
  return if keys %{$self->{silent}} >= $self->{pages} / 2 or @{$self->{free}} <= $self->{kept};
  my $page = $self->enter(READ, $path, NO_COMPLETION, 0);
  $self->{silent}{$page} = $self->{number};
}

# Takes back pages without a completion: they are free when the number of their request is in their outcome.
sub reclaim {
  my ($self) = @_;
  for my $page (keys %{$self->{silent}}) {
    next if word_of($self->{completions}, $self->outcome_at($page)) != $self->{silent}{$page};
    delete $self->{silent}{$page};
    push @{$self->{free}}, $page;
  }
}

# Withdraws a request; the closure gets the answer. Those that find no page wait for one.
sub cancel {
  my ($self, $number, $closure) = @_;
  push @{$self->{cancels}}, [$number, $closure];
  $self->send_cancels;
}

sub send_cancels {
  my ($self) = @_;
  while (@{$self->{cancels}} and @{$self->{free}} and not $self->{ended}) {
    my ($number, $closure) = @{shift @{$self->{cancels}}};
    my $page = $self->enter(CANCEL, '', 0, $number);
    $self->{pending}{$page} = {path => '', closure => $closure, number => $self->{number}};
  }
}

sub outcome_at { $_[0]{outcomes_at} + $_[1] * $_[0]{outcome_bytes} }

# Fills a page, which must be free, and puts it into the ring.
sub enter {
  my ($self, $operation, $path, $flags, $target) = @_;
  die "$path: is longer than a page has room for\n" if length $path > $self->{page_bytes} - 64;
  my $page = pop @{$self->{free}};
  my $head = pack 'L<2 Q<4 S< x2 L< x16', $operation, $flags, $page + 1, ++$self->{number}, $target, 0, length $path, 0;
  $self->set_bytes($self->{pages_at} + $page * $self->{page_bytes}, $head . $path);
  $self->set_bytes(RING + 4 * ($self->{tail} % $self->{entries}), pack 'L<', $page);
  $self->{tail}++;
  $self->{unrung} = 1;
  return $page;
}

sub ring {
  my ($self) = @_;
  return if not $self->{unrung} or $self->{ended};
  $self->{unrung} = 0;
  $self->set_word(TAIL, $self->{tail});
  send($self->{socket}, "\1", MSG_DONTWAIT | MSG_NOSIGNAL) if word_of($self->{completions}, ASLEEP) != 0;
}

# What comes.

# Runs the closures of what has come; returns how many.
sub take {
  my ($self) = @_;
  my $ran = 0;
  while (not $self->{ended} and $self->{head} != word_of($self->{completions}, TAIL)) {
    my $entry = bytes_of($self->{completions}, RING + 16 * ($self->{head} % $self->{entries}), 16);
    $self->set_word(HEAD, ++$self->{head});
    my ($page, undef, $flags) = unpack 'L< S<2', $entry;
    my $is_more = $flags & MORE;
    my $request = $self->{pending}{$page} or next;
    my $outcome = $self->outcome($page);
    $self->set_word(DONE, $self->{head}); # it is a copy
    # The end of a watch has a completion of its own, and so has what is being written.
    next if $is_more and not($outcome and $outcome->{more});
    $outcome //= {kind => FAILURE, reason => 6, value => 'the daemon left its outcome half written', more => 0};
    if (not $is_more) {
      delete $self->{pending}{$page};
      push @{$self->{free}}, $page;
    }
    $ran++;
    $request->{closure}->(1, {%$outcome, path => $request->{path}});
    $self->send_cancels;
  }
  return $ran;
}

sub outcome {
  my ($self, $page) = @_;
  my $at = $self->outcome_at($page);
  for (1 .. MOST_TRIES) {
    my ($number, $kind, $flags, $reason, $length, $unit, $times) =
      unpack 'Q< S<2 L< x32 L<2 Q<', bytes_of($self->{completions}, $at, 64);
    my $value_at = $unit ? $self->{arena_at} + 64 * ($unit - 1) : $at + 64;
    next if $number == 0 or $value_at + $length > $self->{completion_bytes};
    my $value = bytes_of($self->{completions}, $value_at, $length);
    next if word_of($self->{completions}, $at) != $number or word_of($self->{completions}, $at + 56) != $times;
    return {kind => $kind, reason => $reason, value => $value, more => $flags & MORE};
  }
  return;
}

# Sleeps until something comes, or the daemon goes; for so many seconds at the most.
sub sleep_for {
  my ($self, $seconds) = @_;
  $self->set_word(WAKE_AT, $self->{head});
  return if word_of($self->{completions}, TAIL) != $self->{head};
  my $fds = '';
  vec($fds, $_, 1) = 1 for $self->{bell}, fileno $self->{socket};
  # Not longer than this at a time: it is not certain that a system call is a fence everywhere.
  return if select($fds, undef, undef, $seconds < 0.5 ? $seconds : 0.5) <= 0;
  POSIX::read($self->{bell}, my $rung, 64) if vec $fds, $self->{bell}, 1;
  return if not vec $fds, fileno $self->{socket}, 1;
  my $heard = recv($self->{socket}, my $said, 256, MSG_DONTWAIT);
  return if not defined $heard and ($! == EAGAIN or $! == EWOULDBLOCK or $! == EINTR);
  $self->take;
  my $is_farewell = defined $heard && length $said == 256 && substr($said, 0, 8) eq 'aeiouWEL';
  $self->end($is_farewell ? 'the daemon ended this attachment: ' . sentence($said) : 'the daemon is gone');
}

# Nothing comes any more: each request has its outcome now.
sub end {
  my ($self, $why) = @_;
  return if $self->{ended};
  $self->{ended} = $why;
  my @left = (values %{$self->{pending}}, map { {path => '', closure => $_->[1]} } @{$self->{cancels}});
  $self->{pending} = {};
  $self->{cancels} = [];
  $_->{closure}->(1, {path => $_->{path}, kind => FAILURE, reason => STOPPED, value => $why, more => 0}) for @left;
}

# Runs closures until something is so, for so many seconds; whether it is.
sub wait_until {
  my ($self, $is_so, $seconds) = @_;
  my $end = monotonic() + $seconds * 1_000_000_000;
  while (1) {
    $self->ring;
    my $ran = $self->take;
    return 1 if $is_so->();
    my $left = ($end - monotonic()) / 1_000_000_000;
    return 0 if $left <= 0 or $self->{ended};
    $self->sleep_for($left) if $ran == 0;
  }
}

package main;

use Getopt::Long ();

my %options = (pages => 1024, arena => 1 << 20, seconds => 10);
Getopt::Long::GetOptions(\%options, 'pages=i', 'arena=i', 'seconds=f') or exit 2;
my ($place, $command, @paths) = @ARGV;
my %operations = (
  read => [Attached::READ, 0],
  uncached => [Attached::READ, Attached::FORCE_MISS],
  cached => [Attached::READ, Attached::HIT_ONLY],
  list => [Attached::LIST, 0],
  walk => [Attached::LIST, 0],
  stat => [Attached::STAT, 0],
  describe => [Attached::DESCRIBE, 0],
  watch => [Attached::WATCH, 0],
);
if (not @paths or not $operations{$command}) {
  die "usage: $0 [--pages N] [--arena BYTES] [--seconds S] PLACE @{[join '|', sort keys %operations]} PATH...\n";
}
$| = 1;
my $net = Attached->attach($place, pages => $options{pages}, page_bytes => 512, outcome_bytes => 128, arena_bytes => $options{arena});
my $failed = 0;
my @waiting = map { [$command, $_] } @paths; # for a page
my %numbers;

sub show {
  my ($is_delayed, $entry) = @_;
  my $value = $entry->{value};
  $value = join ' ', unpack 'Q<7', $value if $command eq 'stat' and $entry->{kind} == Attached::READING;
  $value =~ tr/\0/ /;
  if ($entry->{kind} == Attached::READING) {
    print $is_delayed ? '~' : '=', " $entry->{path}: $value\n";
  } elsif ($entry->{kind} == Attached::ABSENT) {
    print "- $entry->{path}\n";
  } else {
    print "! $entry->{path}: $value ($Attached::REASONS[$entry->{reason}])\n";
    $failed = 1;
  }
}

sub listed {
  my ($is_delayed, $entry) = @_;
  return show($is_delayed, $entry) if $entry->{kind} != Attached::READING;
  for my $name (split /\0/, $entry->{value}) {
    my $is_directory = $name =~ s{/\z}{};
    push @waiting, [$is_directory ? 'walk' : 'read', $entry->{path} eq '' ? $name : "$entry->{path}/$name"];
  }
}

sub ask {
  my ($how, $path) = @_;
  return $net->read_value($path, \&show) if $how eq 'read';
  return $net->submit($operations{$how}[0], $path, $operations{$how}[1], $how eq 'walk' ? \&listed : \&show);
}

sub ask_more {
  while (@waiting) {
    my $number = ask(@{$waiting[0]});
    last if not defined $number;
    shift @waiting;
  }
  return $net->{ended} || (not @waiting and not %{$net->{pending}});
}

ask_more();
if (not $net->wait_until(\&ask_more, $options{seconds}) and not $net->{ended}) {
  # Each answer is what becomes of the request.
  for my $request (values %{$net->{pending}}) {
    $net->cancel($request->{number}, sub { print "cancel of $request->{path}: ", $Attached::ANSWERS[$_[1]{reason}], "\n" });
  }
  $net->wait_until(sub { not %{$net->{pending}} and not @{$net->{cancels}} }, $options{seconds});
}
print "$net->{ended}\n" if $net->{ended};
exit($failed || @waiting ? 1 : 0);
