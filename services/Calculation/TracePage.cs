using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace CarbonMarket.Calculation;

/// <summary>A trace as a page a person can read and print: one file, no scripts, nothing loaded from elsewhere.</summary>
public static class TracePage
{
    private const string Style =
        "body{font:15px/1.5 sans-serif;max-width:72em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%;margin:0 0 1.5em}"
        + "th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}td.n{text-align:right;white-space:nowrap}code{font-size:90%}";

    /// <param name="language">A language tag: Chinese for <c>zh</c>, English for all others.</param>
    public static string Render(Trace trace, MethodPack pack, string language)
    {
        var zh = language.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        var method = pack.Method(trace.Method, trace.Year);
        var titles = Titles(pack, method, language);
        var title = method?.Title.In(language) ?? trace.Method;
        var page = new StringBuilder(4096);
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"{(zh ? "zh-CN" : "en")}\"><head><meta charset=\"utf-8\"><title>{Text(title)}</title>")
            .Append(CultureInfo.InvariantCulture, $"<style>{Style}</style></head><body><h1>{Text(title)}</h1><p><strong>{Text(trace.Measure.ToString())}</strong></p><p>")
            .Append(string.Join(" · ", Heading(trace, pack, zh, language).Select(Text))).Append("</p>");
        Table(page, zh ? "输入" : "Inputs", zh ? ["名称", "取值方式", "给定", "采用", "舍入", "来源"] : ["Name", "Basis", "Given", "Used", "Rounding", "Origin"],
            trace.Inputs.SelectMany(input => input.Entries.Select(entry => new[]
            {
                titles.GetValueOrDefault(input.Name, input.Name), Basis(input.Basis, zh), Figure(entry.Given, entry.GivenUnit), Figure(entry.Value, input.Unit),
                Rule(input.Rounding, zh), $"{entry.Origin.Kind} {entry.Origin.Reference}",
            })), 2, 3);
        Table(page, zh ? "因子" : "Factors", zh ? ["名称", "数值", "适用范围", "来源", "版本"] : ["Name", "Value", "Scope", "Source", "Version"],
            trace.Factors.Select(factor => new[]
            {
                titles.GetValueOrDefault(factor.Id, factor.Id), Figure(factor.Value, factor.Unit), Words(factor.Scope), factor.Source, factor.Version,
            }), 1);
        Table(page, zh ? "计算" : "Steps", zh ? ["名称", "公式", "计算值", "舍入", "结果"] : ["Name", "Formula", "Exact", "Rounding", "Result"],
            trace.Steps.Select(step => new[]
            {
                titles.GetValueOrDefault(step.Name, step.Name) + " (" + step.Name + ")", step.Expression, Figure(step.Exact, step.Unit), Rule(step.Rounding, zh),
                Figure(step.Value, step.Unit),
            }), 2, 4);
        return page.Append("<p><code>SHA-256 ").Append(trace.Hash()).Append("</code></p></body></html>").ToString();
    }

    private static IEnumerable<string> Heading(Trace trace, MethodPack pack, bool zh, string language) =>
    [
        $"{pack.Title.In(language)} ({trace.Pack} {trace.PackVersion})",
        string.Create(CultureInfo.InvariantCulture, $"{(zh ? "年度" : "Year")} {trace.Year}"),
        string.Create(CultureInfo.InvariantCulture, $"{(zh ? "因子日期" : "As of")} {trace.AsOf:yyyy-MM-dd}"),
        .. trace.Scope.IsEmpty ? Array.Empty<string>() : [Words(trace.Scope)],
        trace.MethodSource,
    ];

    private static Dictionary<string, string> Titles(MethodPack pack, Method? method, string language)
    {
        var titles = pack.Factors.Values.ToDictionary(factor => factor.Id, factor => factor.Title.In(language), StringComparer.Ordinal);
        foreach (var input in method?.Inputs ?? [])
            titles[input.Name] = $"{input.Title.In(language)} ({input.Name})";
        foreach (var step in method?.Steps ?? [])
            titles[step.Name] = step.Title.In(language);
        return titles;
    }

    private static void Table(StringBuilder page, string title, string[] heads, IEnumerable<string[]> rows, params int[] figures)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)}</h2><table><tr>");
        foreach (var head in heads)
            page.Append("<th>").Append(Text(head)).Append("</th>");
        page.Append("</tr>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            for (var column = 0; column < row.Length; column++)
                page.Append(figures.Contains(column) ? "<td class=\"n\">" : "<td>").Append(Text(row[column])).Append("</td>");
            page.Append("</tr>");
        }
        page.Append("</table>");
    }

    private static string Rule(Rounding? rounding, bool zh) => rounding is null ? string.Empty : string.Create(
        CultureInfo.InvariantCulture, $"{(rounding.Mode == RoundingMode.Floor ? zh ? "向下取整" : "floor" : zh ? "四舍五入" : "half up")}, {rounding.Decimals}");

    private static string Basis(string basis, bool zh) => !zh ? basis : basis switch
    {
        "given" => "实测（给定）",
        "published-default" => "缺省值",
        "penalty-default" => "惩罚性缺省值",
        _ => basis,
    };

    private static string Words(ImmutableSortedDictionary<string, string> scope) => string.Join(", ", scope.Select(word => $"{word.Key}: {word.Value}"));

    private static string Figure(decimal value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value} {unit}");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
