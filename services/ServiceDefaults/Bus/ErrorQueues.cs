using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// Messages this service's consumers could not take. They stay, with their reason, until an operator has them tried again.
/// </summary>
public sealed class ErrorQueues(Uri broker)
{
    private const string Suffix = "_error";
    private const string FaultHeaders = "MT-Fault-";
    private readonly ConcurrentDictionary<string, byte> _queues = new(StringComparer.Ordinal);

    internal void Know(string queue) => _queues.TryAdd(queue, 0);

    public bool Knows(string queue) => _queues.ContainsKey(queue);

    public async Task<IReadOnlyList<WaitingErrors>> List(CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        var list = new List<WaitingErrors>();
        foreach (var queue in _queues.Keys.Order(StringComparer.Ordinal))
            list.Add(new WaitingErrors(queue, await Count(connection, queue, cancellationToken)));
        return list;
    }

    /// <summary>The oldest messages of a queue's error queue; they keep their place.</summary>
    public async Task<IReadOnlyList<ErrorMessage>> Read(string queue, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        if (await Count(connection, queue, cancellationToken) == 0)
            return [];
        var messages = new List<ErrorMessage>();
        // Closing the channel without acknowledging puts what was read back where it was.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        while (messages.Count < limit
            && await channel.BasicGetAsync(queue + Suffix, autoAck: false, cancellationToken) is { } message)
            messages.Add(Describe(message));
        return messages;
    }

    /// <summary>Sends the oldest messages to their queue again; each leaves the error queue only when the broker has it.</summary>
    public async Task<int> Replay(string queue, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        if (await Count(connection, queue, cancellationToken) == 0)
            return 0;
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var replayed = 0;
        while (replayed < limit && await channel.BasicGetAsync(queue + Suffix, autoAck: false, cancellationToken) is { } message)
        {
            var properties = new BasicProperties(message.BasicProperties);
            properties.Headers = properties.Headers?
                .Where(header => !header.Key.StartsWith(FaultHeaders, StringComparison.Ordinal))
                .ToDictionary(StringComparer.Ordinal);
            await channel.BasicPublishAsync(string.Empty, queue, mandatory: true, properties, message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            replayed++;
        }
        return replayed;
    }

    private static ErrorMessage Describe(BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers;
        return new ErrorMessage(
            message.BasicProperties.MessageId,
            Text(headers, FaultHeaders + "Message"),
            Text(headers, FaultHeaders + "ExceptionType"),
            Text(headers, FaultHeaders + "Timestamp"),
            Encoding.UTF8.GetString(message.Body.Span));
    }

    private static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString()
            : null;

    private static async Task<long> Count(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        // MassTransit makes an error queue with its first message; asking for one that is not there closes the channel.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue + Suffix, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }

    private Task<IConnection> Connect(CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = broker, ClientProvidedName = "error-queues" }.CreateConnectionAsync(cancellationToken);
}

/// <param name="Queue">The consumer's queue.</param>
/// <param name="Messages">How many messages wait in its error queue.</param>
public sealed record WaitingErrors(string Queue, long Messages);

/// <param name="MessageId">The id it was published under: the id of the event it was made from.</param>
/// <param name="Reason">What the consumer failed with.</param>
/// <param name="ExceptionType">Kind of the failure.</param>
/// <param name="FailedAt">System time of the last attempt.</param>
/// <param name="Body">The message as it arrived.</param>
public sealed record ErrorMessage(string? MessageId, string? Reason, string? ExceptionType, string? FailedAt, string Body);
