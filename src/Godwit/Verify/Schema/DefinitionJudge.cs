using System.Text;
using Godwit.Faults;
using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>The verdict on an object whose two texts differ.</summary>
/// <param name="Why">A clause: why it was not compared, or why the target refuses the source's definition; else
/// empty.</param>
/// <param name="LacksName">The target lacks something that the source's definition names. If an object is missing
/// there, the definition counts as different; else as not compared.</param>
internal sealed record DefinitionVerdict(Outcome Outcome, string Why = "", bool LacksName = false);

/// <summary>Tells whether two texts of one object say the same. Each server prints definitions in its own way, which
/// changes from minor to minor, so the target prints both.</summary>
internal sealed class DefinitionJudge(Side target, SqlText source)
{
    private const string Otherwise = "the two servers print it differently";

    // A definition restored from printed text may be printed differently once more, but not a second time.
    private const int Rounds = 2;

    private readonly List<Pending> _pending = [];

    /// <summary>Definitions made at the target.</summary>
    public long Printed { get; private set; }

    // One definition on both sides, with all texts that the target printed for it.
    private sealed class Pending(string key, SchemaDefinition left, SchemaDefinition right)
    {
        public string Key { get; } = key;

        public SchemaDefinition Left { get; set; } = left;

        public SchemaDefinition Right { get; set; } = right;

        public HashSet<string> OfLeft { get; } = [];

        public HashSet<string> OfRight { get; } = [];

        public DefinitionVerdict? Verdict { get; set; }
    }

    /// <param name="pairs">With texts that differ.</param>
    /// <returns>By key.</returns>
    public async Task<IReadOnlyDictionary<string, DefinitionVerdict>> JudgeAsync(
        IEnumerable<SchemaPair> pairs, CancellationToken ct)
    {
        var verdicts = new Dictionary<string, DefinitionVerdict>();
        foreach (var pair in pairs)
        {
            if (First(pair) is { } known)
                verdicts[pair.Any.Key] = known;
        }

        if (_pending.Count > 0)
            await PrintAsync(ct);
        foreach (var one in _pending.GroupBy(one => one.Key, one => one.Verdict!))
            verdicts[one.Key] = one.MaxBy(verdict => Weight(verdict.Outcome))!;
        return verdicts;
    }

    // A difference outweighs what was not compared, and that outweighs equal ones.
    private static int Weight(Outcome outcome) =>
        outcome switch { Outcome.Different => 2, Outcome.NotCompared => 1, _ => 0 };

    /// <returns>Null: the target has to print its definitions.</returns>
    private DefinitionVerdict? First(SchemaPair pair)
    {
        var (one, other) = (pair.Source!, pair.Target!);
        if (one.Hidden != other.Hidden || one.Printed is null || other.Printed is null)
            return new(Outcome.Different);
        if (DefinitionCutter.Cut(one, source) is not { } left
            || DefinitionCutter.Cut(other, SqlText.Plain) is not { } right)
            return new(Outcome.NotCompared, $"{Otherwise}, and where its expressions end is not known");
        if (left.Rest != right.Rest || left.Definitions.Count != right.Definitions.Count || left.Definitions.Count == 0)
            return new(Outcome.Different);
        var both = left.Definitions.Zip(right.Definitions).ToList();
        var differing = both.Where(two =>
            Normal(two.First.Kind, two.First.Text) != Normal(two.Second.Kind, two.Second.Text)).ToList();
        // Tables, arguments and names are the same on both sides; the target runs them, so its spelling is used.
        foreach (var (ours, theirs) in differing.Count > 0 ? differing : both)
            _pending.Add(new(pair.Any.Key, theirs with { Text = ours.Text }, theirs));
        return null;
    }

    private static string Normal(DefinitionKind kind, string text) =>
        SqlText.Plain.Statement(text, isView: kind == DefinitionKind.Query);

    private async Task PrintAsync(CancellationToken ct)
    {
        try
        {
            var (printer, refused) = await DefinitionPrinter.OpenAsync(target.Address, target.Clock, ct);
            await using (printer)
            {
                if (printer is null)
                    GiveUp(refused);
                for (var round = 0; round < Rounds && _pending.Exists(one => one.Verdict is null); round++)
                    await PrintAsync(printer!, isFirst: round == 0, ct);
            }
        }
        catch (FaultException e) when (e.InnerException is not null)
        {
            GiveUp($"the target cannot be asked to print both: {e.Fault.Why}");
        }

        catch (DecoderFallbackException)
        {
            GiveUp("the target prints text that is not in UTF-8, in a database that has no encoding");
        }

        foreach (var one in _pending)
            one.Verdict ??= new(Outcome.Different);
    }

    private void GiveUp(string because)
    {
        foreach (var one in _pending)
            one.Verdict ??= new(Outcome.NotCompared, $"{Otherwise}, and {because}");
    }

    private async Task PrintAsync(DefinitionPrinter printer, bool isFirst, CancellationToken ct)
    {
        var open = _pending.Where(one => one.Verdict is null).ToList();
        var left = await printer.PrintAsync([.. open.Select(one => one.Left)], ct);
        var right = await printer.PrintAsync([.. open.Select(one => one.Right)], ct);
        Printed += open.Count * 2L;
        for (var i = 0; i < open.Count; i++)
        {
            var one = open[i];
            var isWhole = one.Right.Kind != DefinitionKind.Expression;
            if (isFirst && isWhole)
                one.OfRight.Add(Normal(one.Right.Kind, one.Right.Text));
            one.Left = Taken(one.Left, left[i], one.OfLeft);
            one.Right = Taken(one.Right, right[i], one.OfRight);
            if (one.OfLeft.Overlaps(one.OfRight))
                one.Verdict = new(Outcome.Equal);
            else if (isFirst && left[i].Text is null)
                one.Verdict = new(Outcome.NotCompared,
                    $"{Otherwise}, and the target does not take the source's definition: {left[i].Refused}",
                    left[i].LacksName);
            else if (isFirst && right[i].Text is null && !isWhole)
                one.Verdict = new(Outcome.NotCompared,
                    $"{Otherwise}, and the target does not take its own text: {right[i].Refused}");
        }
    }

    /// <summary>Keeps a printed text.</summary>
    /// <returns>The definition in the form in which it can be printed again.</returns>
    private static SchemaDefinition Taken(SchemaDefinition one, PrintedDefinition printed, HashSet<string> texts)
    {
        if (printed.Text is not { } text)
            return one;
        if (one.Kind == DefinitionKind.Rule)
        {
            if (SqlToken.Parse(text) is not { } tokens || DefinitionCutter.RuleParts(tokens) is not { } parts)
                return one;
            text = parts.Tail;
        }

        var next = one.Kind == DefinitionKind.Expression ? new(DefinitionKind.Query,
            text.TrimEnd(';')) : one with { Text = text.TrimEnd(';') };
        texts.Add(Normal(next.Kind, next.Text));
        return next;
    }
}
