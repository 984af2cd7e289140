using System.Diagnostics;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Tests.Postgres;

public sealed class ProcessRunnerTests
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Output_and_exit_code_are_those_of_the_program()
    {
        await using var process = Shell("printf 'a\\0b'; exit 7");
        using var output = new MemoryStream();
        await process.Output.CopyToAsync(output, Ct);
        Assert.Equal("a\0b"u8.ToArray(), output.ToArray());
        Assert.Equal(7, await process.WaitAsync(Ct));
    }

    [Theory]
    [InlineData("/no/such/program")]
    [InlineData("/etc")]
    public void A_program_that_cannot_be_started_is_a_fault(string program)
    {
        var fault = Assert.Throws<FaultException>(() => new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(program, []))).Fault;
        Assert.Equal(("process.not_started", FaultKind.Refused), (fault.Code, fault.Kind));
        Assert.Contains(program, fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_program_that_was_removed_is_a_fault()
    {
        var link = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        File.CreateSymbolicLink(link, link + "-gone");
        try
        {
            A_program_that_cannot_be_started_is_a_fault(link);
        }
        finally
        {
            File.Delete(link);
        }
    }

    [Fact]
    public async Task What_it_says_is_masked_by_what_it_was_given()
    {
        await using var process = Shell("echo \"no $PGPASSWORD for $PGUSER in $PGDATABASE ($TOKEN)\" >&2", new()
        {
            ["PGPASSWORD"] = new("correct horse"), ["TOKEN"] = new("battery"), ["PGUSER"] = new("limosa"),
            ["PGDATABASE"] = new("coffee"),
        });
        var heard = new List<string>();
        process.OnErrorLine = heard.Add;
        await process.WaitAsync(Ct);
        Assert.Equal("no *** for limosa in coffee (***)", process.ErrorTail);
        Assert.Equal([process.ErrorTail], heard);
    }

    [Fact]
    public async Task A_variable_can_be_taken_away()
    {
        await using var process = Shell("test -z \"${HOME+set}\"", new() { ["HOME"] = null });
        Assert.Equal(0, await process.WaitAsync(Ct));
    }

    [Fact]
    public async Task Only_the_last_lines_are_kept_however_much_it_says()
    {
        await using var process = Shell("seq 1 5000 >&2");
        await process.WaitAsync(Ct);
        var lines = process.ErrorTail.Split('\n');
        Assert.Equal((IRunningProcess.ErrorTailLinesMax, "5000"), (lines.Length, lines[^1]));
    }

    [Fact]
    public async Task It_reads_nothing_from_us()
    {
        await using var process = Shell("cat");
        Assert.Equal(0, await process.WaitAsync(Ct).WaitAsync(EndsWithin, Ct));
    }

    [Fact]
    public async Task Killing_ends_its_children_too()
    {
        await using var process = Shell("sleep 300 & echo $!; wait");
        using var reader = new StreamReader(process.Output);
        var child = int.Parse((await reader.ReadLineAsync(Ct))!);
        process.Kill();
        Assert.NotEqual(0, await process.WaitAsync(Ct).WaitAsync(EndsWithin, Ct));
        Assert.Null(await reader.ReadLineAsync(Ct).AsTask().WaitAsync(EndsWithin, Ct));
        Assert.False(Lives(child));
    }

    [Fact]
    public async Task Disposing_kills_what_still_runs()
    {
        var process = Shell("sleep 300");
        var id = process.Id;
        await process.DisposeAsync();
        Assert.False(Lives(id));
    }

    [Fact]
    public async Task Killing_what_has_ended_is_no_error()
    {
        await using var process = Shell("exit 0");
        await process.WaitAsync(Ct);
        process.Kill();
    }

    // A killed child of a killed parent waits as a zombie until somebody collects it.
    private static bool Lives(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited
                && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    private static IRunningProcess Shell(string script, Dictionary<string, Secret?>? environment = null) =>
        new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall("/bin/sh", ["-c", script]) { Environment = environment ?? [] });
}
