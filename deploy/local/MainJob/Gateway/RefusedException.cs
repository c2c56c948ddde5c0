using System.Text.Json;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>The platform heard the request and said no. Asking again would change nothing.</summary>
public sealed class RefusedException(string request, int status, string code, string reason)
    : Exception($"{request} was refused ({status}{(code.Length == 0 ? "" : $", {code}")}): {reason}")
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public static async Task<RefusedException> From(HttpResponseMessage response, string request, CancellationToken stopping)
    {
        var text = await response.Content.ReadAsStringAsync(stopping);
        var (code, reason) = Problem(text);
        return new RefusedException(request, (int)response.StatusCode, code, reason);
    }

    /// <summary>Code and reason of an RFC 9457 problem, or the text as it came.</summary>
    private static (string Code, string Reason) Problem(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var faults = root.TryGetProperty("faults", out var list) || root.TryGetProperty("errors", out list)
                ? " " + list.GetRawText()
                : "";
            return (Text(root, "code"), Text(root, "detail") is { Length: > 0 } detail ? detail + faults : text);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return ("", text);
        }
    }

    private static string Text(JsonElement problem, string property) =>
        problem.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
