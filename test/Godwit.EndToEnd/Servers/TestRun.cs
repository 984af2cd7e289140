using System.Globalization;
using System.Security.Cryptography;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Postgres;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(TestRun))]

namespace Godwit.EndToEnd.Servers;

/// <summary>Everything that a test run starts ends with the run, however the run ends. Servers of <c>pg_ctl</c> outlive
/// the process that started them, and a killed process cannot stop them. So a guard process waits for the run's
/// end.</summary>
public sealed class TestRun : ITestPipelineStartup
{
    /// <summary>The process of <c>./check</c>: the tests end with it too.</summary>
    private const string CheckProcess = "GODWIT_CHECK_PID";

    // In a run's folder. test/servers/end-with knows the name.
    private const string LinkToMemory = "memory";

    private const string Memory = "/dev/shm";

    // Twice what a run has used at most.
    private const long MemoryBytesMin = 10L << 30;

    private const UnixFileMode EverybodyMayWrite = (UnixFileMode)0b1_111_111_111;

    /// <summary>Starts the guard of a run.</summary>
    /// <param name="folder">For temporary files. It is deleted with the run, and its name marks the run's
    /// processes.</param>
    /// <param name="run">The process of the run.</param>
    /// <param name="parent">The run ends when this process ends; empty: no such process.</param>
    internal static IRunningProcess Guard(string folder, int run, string parent = "")
    {
        File.SetUnixFileMode(folder, EverybodyMayWrite);
        var script = Path.Combine(OtherServers.RepositoryRoot(), "test", "servers", "end-with");
        return new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(script, [folder, run.ToString(CultureInfo.InvariantCulture), parent]));
    }

    /// <summary>Runs before the first test and server, so that all inherit the temporary folder.</summary>
    /// <remarks>The name is short because the path of a socket may have 107 bytes.</remarks>
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        var folder = Directory.CreateTempSubdirectory("gw-").FullName;
        if (HasRoomInMemory())
        {
            var memory = Path.Combine(Memory, Path.GetFileName(folder));
            Directory.CreateDirectory(memory, EverybodyMayWrite);
            File.SetUnixFileMode(memory, EverybodyMayWrite);
            Directory.CreateSymbolicLink(Path.Combine(folder, LinkToMemory), memory);
        }

        // The guard outlives this process.
        _ = Guard(folder, Environment.ProcessId, Environment.GetEnvironmentVariable(CheckProcess) ?? "");
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;

    /// <summary>A folder that PostgreSQL's own user can pass through, for servers whose databases are created and
    /// dropped all the time: in memory if there is room. A database is 300 files, and ext4 searches up to 0.2 s per
    /// database for inodes that were not deleted within the last minutes (<c>recently_deleted</c> in the kernel's
    /// fs/ext4/ialloc.c).</summary>
    internal static string NewFolder()
    {
        var link = new DirectoryInfo(Path.Combine(Path.GetTempPath(), LinkToMemory));
        return NewFolderIn(link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetTempPath());
    }

    /// <summary>The same for hundreds of megabytes: on the disk.</summary>
    internal static string NewLargeFolder() => NewFolderIn(Path.GetTempPath());

    private static string NewFolderIn(string parent)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(parent, "godwit-" + RandomNumberGenerator.GetHexString(8, lowercase: true)));
        folder.UnixFileMode = (UnixFileMode)0b111_101_101;
        return folder.FullName;
    }

    private static bool HasRoomInMemory() => Directory.Exists(Memory)
        && Math.Min(new DriveInfo(Memory).AvailableFreeSpace, AvailableBytes()) >= MemoryBytesMin;

    private static long AvailableBytes() => long.Parse(
        File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
}
