using Godwit.Cutover;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Tests.Heroku;

namespace Godwit.Tests.Cutover;

/// <summary>With a real shell.</summary>
public sealed class AcceptStepTests : IProgress<StepEvent>
{
    private const string Password = "p0123456789abcdef";

    private static readonly Secret Url = new($"postgres://u1:{Password}@db.example.com:5432/d1");

    private readonly List<string> _said = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_that_ends_with_zero_has_seen_the_target_and_nobody_has_seen_its_password()
    {
        var evidence = await RunAsync($"""test "$DATABASE_URL" = "{Url.Reveal()}" && echo "url $DATABASE_URL" """
            + $"""&& echo "alone {Password}" >&2 && echo token s3cr3t-of-ours""");

        Assert.Equal(["url ***", "alone ***", "token ***"], _said);
        Assert.Equal("Your acceptance command says yes", evidence.Claim);
        Assert.EndsWith("token ***", evidence.Proof, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_end_is_a_fault_that_repeats_what_was_said_last()
    {
        var fault = await Expect.FaultAsync(() => RunAsync("echo 3 of 4 tests failed; exit 7"));

        Assert.Equal(("cutover.not_accepted", FaultKind.Refused), (fault.Code, fault.Kind));
        Assert.Contains("exit code 7", fault.Why, StringComparison.Ordinal);
        Assert.EndsWith("its last output: 3 of 4 tests failed", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_much_it_says_only_a_part_is_shown_and_kept()
    {
        var fault = await Expect.FaultAsync(() => RunAsync("seq 1 50000; head -c 300000 /dev/zero | tr '\\0' x; echo; "
            + "printf 'red \\033[31mtext\\n'; exit 1"));

        Assert.Equal(200, _said.Count);
        Assert.EndsWith("50000\n(a line of more than 8000 characters)\nred [31mtext", fault.Why,
            StringComparison.Ordinal);
        Assert.DoesNotContain("49900", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_end_is_ended()
    {
        var fault = await Expect.FaultAsync(() => RunAsync("sleep 60", new InstantClock(limitsToo: true)));

        Assert.Equal("cutover.accept_slow", fault.Code);
    }

    [Fact]
    public async Task What_it_leaves_running_keeps_nobody_waiting()
    {
        await RunAsync("sleep 60 & echo $!");

        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(_said[0]));
        left.Kill();
    }

    void IProgress<StepEvent>.Report(StepEvent value) => _said.Add(((StateChanged)value).State);

    private Task<Evidence> RunAsync(string command, TimeProvider? clock = null) =>
        new AcceptStep(command, _ => Task.FromResult(Url), [new("s3cr3t-of-ours")],
            new ProcessRunner(TimeProvider.System),
            clock ?? TimeProvider.System).RunAsync(this, Ct);
}
