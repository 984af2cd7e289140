using System.Globalization;
using Godwit.Heroku;

namespace Godwit.Assess.Checks.Target;

/// <summary>Which Heroku plan fits the source, its price, and whether the present or requested one fits.</summary>
internal sealed class PlanCheck : ICheck
{
    // Every role sees sessions and their names. Background workers have no user.
    private const string Connections = """
        SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
        WHERE datname = pg_catalog.current_database() AND usesysid IS NOT NULL
            AND application_name IS DISTINCT FROM 'godwit' AND pid <> pg_catalog.pg_backend_pid()
        """;

    public string Name => "plan";

    public IReadOnlyList<string> Acceptable => PlanFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (!world.IsForHeroku)
            return;
        var needs = new Needs(await world.BytesAsync(ct), (await world.TablesAsync(ct)).Count,
            (int)await world.Source.ScalarAsync<long>(Connections, ct));
        var prices = await HerokuPrices.FindAsync(world.Parts.Heroku ?? world.Parts.Target?.Heroku?.Client, ct);
        var addOn = await world.FindAddOnAsync(ct);
        var asked = await world.PlanAsync(ct);
        if (asked is null)
        {
            Choose(needs, prices, notes);
            return;
        }

        notes.AddFact("plan", Priced(asked, prices) + (addOn is null ? ", as you asked" : $", of {addOn.Name}"));
        var subject = addOn is null ? $"The plan {asked}" : $"{addOn.Name} ({asked})";
        if (HerokuPlanSize.IsAdvanced(asked))
        {
            notes.Add(PlanFindings.Advanced(subject));
            return;
        }

        if (addOn is null && !prices.MayHave(asked))
        {
            notes.Add(PlanFindings.Unknown(asked));
            return;
        }

        if (addOn is not null && HerokuPlanSize.ShortName(world.Request.Plan) is { } other && other != asked)
            notes.Add(PlanFindings.Unused(other, addOn.Name, asked));
        if (HerokuPlanSize.IsInSpace(asked))
            notes.Add(PlanFindings.InSpace(subject,
                BackupRouteLimits.HasRestore(asked) ? "" : "; Heroku makes and restores no backups of it (PGBackups)"));
        if (!BackupRouteLimits.HasRestore(asked) && await world.WhyDirectAsync(ct) is null)
            notes.Add(PlanFindings.Shield(asked));
        if (HerokuPlanSize.Find(asked) is { } size)
            Judge(size, asked, subject, Way(addOn), needs, notes);
    }

    private static void Choose(Needs needs, HerokuPrices prices, IAssessNotes notes)
    {
        if (Fitting(needs) is not { } chosen)
        {
            notes.Add(PlanFindings.NoneFits(Gigabytes(needs.Bytes), needs.Tables, HerokuPlanSize.All[^1].Plan,
                Gigabytes(HerokuPlanSize.All[^1].Bytes)));
            return;
        }

        var today = HerokuPlanSize.Cheapest(needs.Bytes, needs.Tables, connections: 0, growth: 1)!;
        var less = today == chosen
            ? "" : $"; {Priced(today.Plan, prices)}, would hold today's {Gigabytes(needs.Bytes)} and not 30 % more";
        notes.AddFact("plan to buy", $"{Priced(chosen.Plan, prices)} ({prices.Source}){less}");
        RequireConnections(chosen, $"The plan {chosen.Plan}", "choose it for the new add-on with",
            "--plan {0}", needs, notes);
    }

    private static void Judge(
        HerokuPlanSize size, string plan, string subject, (string Words, string Command) way, Needs needs,
        IAssessNotes notes)
    {
        var tier = plan[..plan.LastIndexOf('-')];
        var fitting = Fitting(needs) is { } found ? InTier(found.Plan, tier) : "PLAN";
        var command = string.Format(CultureInfo.InvariantCulture, way.Command, fitting);
        if (needs.Bytes > size.Bytes)
            notes.Add(PlanFindings.TooSmall(subject, Gigabytes(size.Bytes), Gigabytes(needs.Bytes),
                way.Words, command));
        else if (needs.Bytes * HerokuPlanSize.GrowthFactor > size.Bytes)
            notes.Add(PlanFindings.Tight(subject, Gigabytes(size.Bytes), Gigabytes(needs.Bytes), way.Words, command));
        if (size.TablesMax < needs.Tables)
            notes.Add(PlanFindings.Tables(subject, size.TablesMax.Value, needs.Tables, way.Words, command));
        RequireConnections(size, subject, way.Words, way.Command, needs, notes);
    }

    private static void RequireConnections(
        HerokuPlanSize size, string subject, string words, string command, Needs needs, IAssessNotes notes)
    {
        if (needs.Connections <= size.ConnectionsMax)
            return;
        var larger =
            HerokuPlanSize.Cheapest(needs.Bytes, needs.Tables, needs.Connections, HerokuPlanSize.GrowthFactor)?.Plan;
        notes.Add(PlanFindings.Connections(subject, size.ConnectionsMax, needs.Connections,
            larger is null ? "" : $" Or take a plan with more of them; {words}: "
                + $"{string.Format(CultureInfo.InvariantCulture, command, larger)}"));
    }

    private static HerokuPlanSize? Fitting(Needs needs) => HerokuPlanSize.Cheapest(needs.Bytes, needs.Tables);

    private static (string Words, string Command) Way(HerokuAddon? addOn) => addOn is null
        ? ("choose a larger one for the new add-on with", "--plan {0}")
        : ("move it to a larger plan first with",
            $"heroku addons:upgrade {addOn.Name} heroku-postgresql:{{0}} --app {addOn.App.Name}");

    // A larger plan keeps high availability (Premium, Private).
    private static string InTier(string plan, string tier) =>
        tier is "premium" or "private" && plan.StartsWith("standard", StringComparison.Ordinal)
            ? tier + plan["standard".Length..]
            : plan;

    private static string Priced(string plan, HerokuPrices prices) =>
        prices.Of(plan) is { Length: > 0 } price ? $"{plan}, {price}" : plan;

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " GB";

    private sealed record Needs(long Bytes, int Tables, int Connections);
}
