namespace CarbonMarket.Testing;

/// <summary>
/// Waits for what another process brings about in its own time. The one place where tests poll: everywhere else wait on
/// the thing itself.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    /// <summary>A service starts beside others that start, with stores and a broker that were just made.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <param name="what">Completes the sentence "it never came to pass that ...".</param>
    public static Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null, CancellationToken ct = default) =>
        Gives(what, condition, value => value, within, ct);

    public static Task Holds(string what, Func<bool> condition, TimeSpan? within = null, CancellationToken ct = default) =>
        Gives(what, () => Task.FromResult(condition()), value => value, within, ct);

    /// <summary>A service that does not become ready is shown with what it says of itself.</summary>
    public static Task IsReady(string service, HttpClient client, TimeSpan? within = null, CancellationToken ct = default) =>
        Gives($"{service} is ready", async () =>
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(ct);
        }, waitingFor => waitingFor is null, within ?? Starting, ct);

    /// <summary>The first value that satisfies; exceptions meanwhile count as "not yet" and are shown if it never does.</summary>
    public static async Task<T> Gives<T>(
        string what, Func<Task<T>> read, Func<T, bool> satisfies, TimeSpan? within = null, CancellationToken ct = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(within ?? Usual);
        using var ticks = new PeriodicTimer(Period);
        object? last = null;
        try
        {
            for (; ; await ticks.WaitForNextTickAsync(deadline.Token))
            {
                try
                {
                    var value = await read().WaitAsync(deadline.Token);
                    last = value;
                    if (satisfies(value))
                        return value;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    last = exception;
                }
            }
        }
        catch (OperationCanceledException silence) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Within {(within ?? Usual).TotalSeconds:0.#} s it never came to pass that {what}. Last seen: {last ?? "nothing"}",
                last as Exception ?? silence);
        }
    }
}
