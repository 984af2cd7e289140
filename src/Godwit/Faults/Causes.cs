namespace Godwit.Faults;

/// <summary>What stands behind an exception, itself included.</summary>
internal static class Causes
{
    public static T? Find<T>(this Exception e)
        where T : Exception =>
        Of(e).OfType<T>().FirstOrDefault();

    public static Exception Innermost(this Exception e) => Of(e).Last();

    private static IEnumerable<Exception> Of(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            yield return e;
    }
}
