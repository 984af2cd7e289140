namespace Godwit.Report;

/// <summary>The frame of every Godwit page. A page is one file that needs nothing else: no script, font, picture or
/// network. It works in light and dark mode, on a phone and on paper.</summary>
internal static class HtmlPage
{
    private static readonly Lazy<string> Style = new(() =>
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("report.css is not in this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    });

    /// <param name="kind">What the page is: <c>migration report</c>.</param>
    /// <param name="which">Which one of its kind: a run's id.</param>
    public static string Write(string title, string kind, string which, IEnumerable<Markup> parts, Markup footer) =>
        Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">
            <title>{Words.Name(title)}</title>
            <style>
            {new Markup(Style.Value)}
            </style>
            </head>
            <body>
            <main>
            <header><span><b>Godwit</b> {kind}</span> <span class="run">{which}</span></header>
            {parts}
            <footer>{footer}</footer>
            </main>
            </body>
            </html>

            """).Text;
}
