// Chat on NATS in Go, the happy path alone: what a handler takes that is compiled and keeps few promises. It claims a request, streams and
// stores its answer, saves the conversation and acknowledges; it has no retrieval, no redelivery, no cancel, no deadline and no checks.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"
	"github.com/vmihailenco/msgpack/v5"
)

const system = "You are a helpful assistant. Answer briefly and truthfully."

type object = map[string]any

type handler struct {
	js     jetstream.JetStream
	turns  jetstream.KeyValue
	valkey *redis.Client
	http   *http.Client
}

func main() {
	workers, err := strconv.Atoi(os.Getenv("CHAT_WORKERS"))
	must(err)
	nc, err := nats.Connect(os.Getenv("NATS_URL"), nats.MaxReconnects(-1))
	must(err)
	js, err := jetstream.New(nc)
	must(err)
	ctx := context.Background()
	turns, err := js.KeyValue(ctx, "turns")
	must(err)
	options, err := redis.ParseURL(os.Getenv("VALKEY_URL"))
	must(err)
	h := &handler{js, turns, redis.NewClient(options),
		&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}}
	consumer, err := js.Consumer(ctx, "AI_CHAT", "chat-handler")
	must(err)
	free := make(chan struct{}, workers)
	_, err = consumer.Consume(func(message jetstream.Msg) {
		free <- struct{}{}
		go func() {
			if err := h.answer(ctx, message); err != nil {
				log.Print(err)
				message.NakWithDelay(5 * time.Second)
			} else {
				message.Ack()
			}
			<-free
		}()
	}, jetstream.PullMaxMessages(workers))
	must(err)
	fmt.Println("ready")
	select {}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (h *handler) answer(ctx context.Context, message jetstream.Msg) error {
	var request object
	if err := msgpack.Unmarshal(message.Data(), &request); err != nil {
		return err
	}
	id, question := request["request_id"].(string), request["message"].(string)
	user := strings.Split(message.Subject(), ".")[3]
	metadata, err := message.Metadata()
	if err != nil {
		return err
	}
	claim := object{"owner": metadata.Sequence.Stream, "attempt": 1}
	revision, err := h.turns.Create(ctx, id, pack(claim))
	if err != nil {
		return err
	}
	conversation := "conversation:" + user
	past, err := h.valkey.ZRange(ctx, conversation, -10, -1).Result()
	if err != nil {
		return err
	}
	chunks := &stream{js: h.js, id: id, enabled: request["enable_streaming"] != false}
	if err := chunks.send("start", "", nil); err != nil {
		return err
	}
	answer := object{"request_id": id, "user_id": user, "session_id": user, "success": true, "used_rag": false,
		"sources": []any{}, "degraded": []any{}}
	if err := h.complete(prompt(past, question), chunks, answer); err != nil {
		return err
	}
	claim["answer"] = answer
	if _, err := h.turns.Update(ctx, id, pack(claim), revision); err != nil {
		return err
	}
	turn, _ := json.Marshal(object{"request_id": id, "question": question, "answer": answer["response"]})
	_, err = h.valkey.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.ZAdd(ctx, conversation, redis.Z{Score: float64(metadata.Timestamp.UnixMilli()), Member: turn})
		pipe.ZRemRangeByRank(ctx, conversation, 0, -51)
		pipe.Expire(ctx, conversation, 30*24*time.Hour)
		return nil
	})
	if err != nil {
		return err
	}
	if err := chunks.send("done", "finish_reason", answer["finish_reason"]); err != nil {
		return err
	}
	if err := chunks.stored(); err != nil {
		return err
	}
	subject := "ai.chat.response." + id
	_, err = h.js.Publish(ctx, subject, pack(answer), jetstream.WithMsgID(subject))
	return err
}

func prompt(past []string, question string) []object {
	messages := []object{{"role": "system", "content": system}}
	for _, text := range past {
		var turn struct{ Question, Answer string }
		if json.Unmarshal([]byte(text), &turn) == nil {
			messages = append(messages, object{"role": "user", "content": turn.Question},
				object{"role": "assistant", "content": turn.Answer})
		}
	}
	return append(messages, object{"role": "user", "content": question})
}

func (h *handler) complete(messages []object, chunks *stream, answer object) error {
	body, _ := json.Marshal(object{"model": "any", "messages": messages, "stream": true,
		"stream_options": object{"include_usage": true}})
	response, err := h.http.Post(os.Getenv("VLLM_URL")+"/chat/completions", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var text strings.Builder
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		data, found := bytes.CutPrefix(lines.Bytes(), []byte("data: {"))
		if !found {
			continue
		}
		var event struct {
			Model   string
			Usage   map[string]int
			Choices []struct {
				Delta        struct{ Content string }
				FinishReason *string `json:"finish_reason"`
			}
		}
		if err := json.Unmarshal(append([]byte("{"), data...), &event); err != nil {
			return err
		}
		answer["model"] = event.Model
		if event.Usage != nil {
			answer["usage"] = event.Usage
		}
		for _, choice := range event.Choices {
			if choice.Delta.Content != "" {
				text.WriteString(choice.Delta.Content)
				if err := chunks.send("token", "content", choice.Delta.Content); err != nil {
					return err
				}
			}
			if choice.FinishReason != nil {
				answer["finish_reason"] = *choice.FinishReason
			}
		}
	}
	answer["response"] = text.String()
	return lines.Err()
}

// The chunks of one answer: each leaves at once, all are awaited at the end.
type stream struct {
	js      jetstream.JetStream
	id      string
	enabled bool
	seq     int
	acks    []jetstream.PubAckFuture
}

func (s *stream) send(kind, field string, value any) error {
	if !s.enabled {
		return nil
	}
	chunk := object{"request_id": s.id, "attempt": 1, "seq": s.seq, "type": kind}
	if field != "" {
		chunk[field] = value
	}
	ack, err := s.js.PublishAsync("ai.chat.response.stream."+s.id, pack(chunk),
		jetstream.WithMsgID(fmt.Sprintf("%s.1.%d", s.id, s.seq)))
	s.seq++
	s.acks = append(s.acks, ack)
	return err
}

func (s *stream) stored() error {
	for _, ack := range s.acks {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			return err
		case <-time.After(5 * time.Second):
			return fmt.Errorf("a chunk of %s was not acknowledged", s.id)
		}
	}
	return nil
}

func pack(value any) []byte {
	bytes, err := msgpack.Marshal(value)
	must(err)
	return bytes
}
