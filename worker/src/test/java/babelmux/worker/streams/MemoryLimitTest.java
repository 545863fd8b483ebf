package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
  private static final long MACHINE = 8_000_000L * 1024;

  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void machine() throws IOException {
    file("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:         1 kB\n");
  }

  private OptionalLong limit() {
    return new MemoryLimit(root).bytes();
  }

  @Test
  void nothingThereIsNoLimit() {
    assertThat(limit()).isEmpty();
  }

  @Test
  void theMachineLimits() throws IOException {
    machine();
    assertThat(limit()).hasValue(MACHINE);
  }

  @Test
  void aContainerOfVersionTwoSeesItsOwnGroupAsTheRoot() throws IOException {
    machine();
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/memory.max", "536870912\n");
    assertThat(limit()).hasValue(512L << 20);
  }

  @Test
  void aUnitOfSystemdIsLimitedByItselfAndBySlicesAroundIt() throws IOException {
    machine();
    file("proc/self/cgroup", "0::/system.slice/babelmux.service\n");
    file("sys/fs/cgroup/system.slice/babelmux.service/memory.max", "max\n");
    file("sys/fs/cgroup/system.slice/memory.max", "1073741824\n");
    assertThat(limit()).hasValue(1L << 30);
    file("sys/fs/cgroup/system.slice/babelmux.service/memory.max", "536870912\n");
    assertThat(limit()).hasValue(512L << 20);
  }

  @Test
  void versionOneHasItsOwnFileAndANumberForNoLimit() throws IOException {
    machine();
    file("proc/self/cgroup", "5:cpu,cpuacct:/\n4:memory:/docker/abc\n0::/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(limit()).hasValue(MACHINE);
    // In a container the path is the host's; what is mounted is the container's own group.
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");
    assertThat(limit()).hasValue(256L << 20);
    file("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "134217728\n");
    assertThat(limit()).hasValue(128L << 20);
  }

  @Test
  void whatIsNoNumberDoesNotLimitAndNoPathLeadsOutOfTheGroups() throws IOException {
    file("proc/self/cgroup", "0::/../../../proc\nnonsense\n");
    file("proc/memory.max", "1\n");
    file("sys/fs/cgroup/memory.max", "-5\n");
    assertThat(limit()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisMachineHasALimit() {
    assertThat(new MemoryLimit(Path.of("/")).bytes().orElse(0)).isGreaterThan(1L << 20);
  }

  @Test
  void aBurstOfQuestionsReadsOnce() {
    AtomicInteger reads = new AtomicInteger();
    long[] nowNanos = {0};
    MemoryReader reader =
        new MemoryReader(
            () -> OptionalLong.of(reads.incrementAndGet()), () -> 7, () -> nowNanos[0]);
    for (int i = 0; i < 100; i++) {
      assertThat(reader.get()).isEqualTo(new Memory(1, 7));
    }
    nowNanos[0] = 1_000_000_000L;
    assertThat(reader.get()).isEqualTo(new Memory(2, 7));
    assertThat(reader.get()).isEqualTo(new Memory(2, 7));
  }

  @Test
  void noLimitIsMemoryWithoutOne() {
    MemoryReader reader = new MemoryReader(OptionalLong::empty, () -> 7, () -> 0);
    assertThat(reader.get()).isEqualTo(new Memory(Long.MAX_VALUE, 7));
  }
}
