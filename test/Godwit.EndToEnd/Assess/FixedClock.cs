namespace Godwit.EndToEnd.Assess;

/// <summary>A day that tables with dates in them are compared with.</summary>
internal sealed class FixedClock(int year, int month, int day) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(year, month, day, 12, 0, 0, TimeSpan.Zero);
}
